using System.Security.Cryptography;
using System.Text;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Nftables;

/// <summary>One table that must be in the kernel exactly as its text says.</summary>
internal static class NftTable
{
    /// <summary>The table of a confined namespace.</summary>
    internal const string Confinement = "vpnc";

    /// <summary>Loads the text unless the kernel still has what was loaded from the same text before.</summary>
    /// <param name="context">A context in the right netns.</param>
    /// <param name="table">Name of the table, family inet.</param>
    /// <param name="text">The text, one transaction that replaces the table.</param>
    /// <param name="recordPath">Where it is written down.</param>
    /// <param name="check">Whether the kernel judges the text in a run of its own first (10 ms); a load is all or nothing either way.</param>
    /// <param name="loaded">Runs after a load and before it counts as done, so that it is done again when it was cut short.</param>
    /// <returns>Whether it was loaded.</returns>
    internal static bool Ensure(NftContext context, string table, string text, string recordPath, bool check, Action loaded)
    {
        var source = Hash(text);
        var recorded = RulesetRecord.Load(recordPath);
        var before = context.List(table);
        if (before is not null && recorded == new RulesetRecord(table, source, RulesetIdentity.Of(before)))
        {
            return false;
        }

        if (check)
        {
            context.Check(text, $"check the ruleset of table inet {table}");
        }

        Kernel.TryUnlink(recordPath);
        context.Load(text, $"load the ruleset of table inet {table}");
        var after = context.List(table)
            ?? throw new SystemFailure($"the ruleset was loaded, but table inet {table} is not there");
        loaded();
        new RulesetRecord(table, source, RulesetIdentity.Of(after)).Save(recordPath);
        return true;
    }

    /// <summary>Whether the kernel still has what was loaded from that text.</summary>
    internal static bool IsLoaded(NftContext context, string table, string sourceHash, string recordPath) =>
        context.List(table) is { } listing && RulesetRecord.Load(recordPath) == new RulesetRecord(table, sourceHash, RulesetIdentity.Of(listing));

    /// <summary>Lower-case hex SHA-256 of a ruleset's text.</summary>
    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
