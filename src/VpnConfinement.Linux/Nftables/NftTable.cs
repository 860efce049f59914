using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Nftables;

/// <summary>One table that must be in the kernel exactly as its text says.</summary>
internal static class NftTable
{
    /// <summary>The table of a confined namespace.</summary>
    internal const string Confinement = NamespaceRuleset.Table;

    /// <summary>Loads the text unless the kernel still has what was loaded from the same text before.</summary>
    /// <param name="context">A context in the right netns.</param>
    /// <param name="table">Name of the table, family inet.</param>
    /// <param name="text">The text that defines the table.</param>
    /// <param name="recordPath">Where it is written down.</param>
    /// <param name="checkedPath">
    /// Where the hash of a text is kept that was checked before it was loaded, so that one boot checks one text once: a dry run costs the
    /// kernel's grace periods, and the same text in an empty netns gets the same answer. Null to rely on the load, which is all or nothing.
    /// </param>
    /// <param name="loaded">
    /// Runs after a load and before it counts as done, so that it is done again when it was cut short. Is told whether the table before was one of ours as it was loaded.
    /// </param>
    /// <returns>Whether it was loaded.</returns>
    internal static bool Ensure(NftContext context, string table, string text, string recordPath, string? checkedPath, Action<bool> loaded)
    {
        var source = ContentHash.Of(text);
        var recorded = RulesetRecord.Load(recordPath);
        var before = context.List(table);
        if (before is not null && recorded == new RulesetRecord(table, source, RulesetIdentity.Of(before)))
        {
            return false;
        }

        if (checkedPath is not null && StateFile.Read(checkedPath) != source)
        {
            NftContext.Check(text, $"check the ruleset of table inet {table}");
            AtomicFile.Write(checkedPath, source);
        }

        Kernel.TryUnlink(recordPath);

        // In one transaction. "create" fails where somebody made the table meanwhile; a deletion costs a grace period of the kernel, so it is
        // asked for only where there is something to delete.
        context.Load($"{(before is null ? "create" : "delete")} table inet {table}\n{text}", $"load the ruleset of table inet {table}");
        var after = context.List(table)
            ?? throw new SystemFailure($"the ruleset was loaded, but table inet {table} is not there");
        loaded(before is not null && recorded?.Table == table && recorded.Listing == RulesetIdentity.Of(before));
        new RulesetRecord(table, source, RulesetIdentity.Of(after)).Save(recordPath);
        return true;
    }

    /// <summary>Whether the kernel still has what was loaded from that text.</summary>
    internal static bool IsLoaded(NftContext context, string table, string sourceHash, string recordPath) =>
        context.List(table) is { } listing && RulesetRecord.Load(recordPath) == new RulesetRecord(table, sourceHash, RulesetIdentity.Of(listing));
}
