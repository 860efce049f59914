using System.Text;
using System.Text.RegularExpressions;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Nftables;

/// <summary>
/// What a table's listing says, as a hash: handles and counters are not in a stateless listing, and the order of a set's elements,
/// which depends on the kernel's hash seed, is taken out here.
/// </summary>
internal static partial class RulesetIdentity
{
    /// <summary>Lower-case hex SHA-256 of the normalised listing.</summary>
    internal static string Of(string listing) => ContentHash.Of(Normalise(listing));

    /// <summary>The listing with the elements of every set in ordinal order and one space between words.</summary>
    internal static string Normalise(string listing) =>
        string.Join('\n', Elements().Replace(listing, Sort).Split('\n').Select(line => Blanks().Replace(line.Trim(), " ")));

    private static string Sort(Match match) =>
        "{ " + string.Join(", ", match.Groups[1].Value.Split(',').Select(element => Blanks().Replace(element.Trim(), " ")).Order(StringComparer.Ordinal)) + " }";

    // A list of elements begins on the line of its brace; a table, chain or set begins a new line after it.
    [GeneratedRegex(@"\{ ([^{}]*)\}")]
    private static partial Regex Elements();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
