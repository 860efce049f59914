using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink.NfTables;

namespace VpnConfinement.Linux.Nftables;

/// <summary>
/// What the kernel makes of a text where nothing else can interfere: in a netns that no other program knows, and that
/// ends with the look. libnftables loads there and nowhere else: elsewhere it would read what is there before, and
/// 1.0.6 ends with a segmentation fault over a set that 1.1 loaded.
/// </summary>
/// <param name="Image">The table.</param>
/// <param name="Parts">Its parts.</param>
internal sealed record CompiledRuleset(NfImage Image, IReadOnlyList<RulesetPart> Parts)
{
    /// <summary>Loads the text there and reads the table back.</summary>
    /// <exception cref="SystemFailure">The text is refused, or it defines no such table.</exception>
    internal static CompiledRuleset Of(string table, string text) => NetnsThread.RunInNew(() =>
    {
        using var nft = NftContext.Here();
        nft.Load(text, $"load the ruleset of table inet {table}");
        using var kernel = NfTablesSocket.Here();
        return kernel.Read(table).Table is { } loaded
            ? new CompiledRuleset(kernel.Image(table), RulesetIdentity.Of(loaded))
            : throw new SystemFailure($"the ruleset was loaded, but table inet {table} is not there");
    });
}
