using System.Text.RegularExpressions;
using VpnConfinement.Config;
using VpnConfinement.Text;

namespace VpnConfinement.Doctor;

/// <summary>
/// The names in the texts of a configuration. It may be refused, or not even be TOML: what is no word of an option
/// counts as a name.
/// </summary>
public static partial class WrittenNames
{
    private static readonly HashSet<string> Words =
        [.. Of(OptionTables.Top), "true", "false", "inf", "nan", "service", "socket"];

    /// <summary>The names in a text that was read.</summary>
    /// <param name="text">
    /// A file of the configuration in TOML or JSON, or a provider's file that it names. Any file name is taken for
    /// either: what has no section of a provider's file is read as configuration, in which more counts as a name.
    /// </param>
    public static IEnumerable<KnownName> In(SourceText text) =>
        ProviderSection().IsMatch(text.Content) ? OfProvider(text.Content) : OfConfiguration(text.Content);

    private static IEnumerable<KnownName> OfConfiguration(string text)
    {
        foreach (Match match in Token().Matches(text))
        {
            var isText = match.Groups["text"].Success;
            var word = isText ? match.Groups["text"].Value : match.Groups["word"].Value;
            if (!word.Any(char.IsLetter) || Words.Contains(word) || (!isText && !match.Groups["word"].Success))
            {
                continue;
            }

            yield return new KnownName(word[0] == '/' ? "path" : "name", word);
            if (HostOf(word) is { } host)
            {
                yield return new KnownName("host", host);
            }
        }
    }

    // wg-quick(8): what has names in it, of all that a file may have.
    private static IEnumerable<KnownName> OfProvider(string text) =>
        from match in ProviderLine().Matches(text)
        from word in match.Groups[1].Value.Split((char[])[' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries)
        where word.Any(char.IsLetter)
        from name in (string[])[word, HostOf(word) ?? word]
        select new KnownName("host", name);

    // An endpoint, which findings name with its port or without.
    private static string? HostOf(string word) => Endpoint().Match(word) is { Success: true } match
        ? match.Groups[1].Value
        : null;

    private static IEnumerable<string> Of(OptionTable table) =>
        table.Options.SelectMany(o => (string[])[o.Name, .. Of(o.Type)]);

    private static IEnumerable<string> Of(OptionType type) => type switch
    {
        OptionType.Choice choice => choice.Names,
        OptionType.List list => Of(list.Item),
        OptionType.Table table => Of(table.Options),
        OptionType.NamedTables tables => Of(tables.Options),
        OptionType.TableList tables => Of(tables.Options),
        OptionType.Bool or OptionType.Text or OptionType.Secret or OptionType.Number or OptionType.Mark => [],
        _ => throw new InvalidOperationException("an option of an unknown kind"),
    };

    // Texts in quotes, comments, and what stands bare: keys, and values that are no texts.
    [GeneratedRegex(
        "\"\"\"(?<text>.*?)\"\"\"|'''(?<text>.*?)'''|\"(?<text>(?:\\\\.|[^\"\\\\\\n])*)\"|'(?<text>[^'\\n]*)'|#[^\\n]*"
        + "|(?<word>[\\p{L}\\p{N}_-]+)",
        RegexOptions.Singleline)]
    private static partial Regex Token();

    [GeneratedRegex(@"^[ \t]*\[(?:Interface|Peer)\]", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ProviderSection();

    [GeneratedRegex(@"^[ \t]*(?:Endpoint|DNS)[ \t]*=([^#\n]*)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ProviderLine();

    [GeneratedRegex(@"^([^\s:/]*\p{L}[^\s:/]*):\d+$")]
    private static partial Regex Endpoint();
}
