using Microsoft.Win32.SafeHandles;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Nftables;

/// <summary>One table that must be in the kernel exactly as its text says (docs/adr/0020).</summary>
/// <param name="Name">Name of the table, family inet.</param>
/// <param name="Source">Hex SHA-256 of the text that must have been loaded, or null for whichever was loaded
/// last.</param>
/// <param name="RecordPath">Where it is written down what the kernel reported after the load.</param>
/// <param name="Text">Gives the text, which is seldom needed.</param>
internal sealed record NftTable(string Name, string? Source, string RecordPath, Func<string> Text)
{
    /// <summary>The table of a confined namespace.</summary>
    internal const string Confinement = NamespaceRuleset.Table;

    private const int LoadAttempts = 3;

    /// <summary>One of a text.</summary>
    internal static NftTable Of(string name, string text, string recordPath) =>
        new(name, ContentHash.Of(text), recordPath, () => text);

    /// <summary>
    /// Loads the text into the calling thread's netns, unless the kernel still has what was loaded from the same text
    /// before.
    /// </summary>
    /// <param name="loaded">
    /// Runs after a load and before it counts as done, so that it is done again when it was cut short. Is told whether
    /// the table before was one of ours as it was loaded.
    /// </param>
    /// <returns>Whether it was loaded.</returns>
    internal bool Ensure(Action<bool> loaded)
    {
        using var kernel = NfTablesSocket.Here();
        var text = Text();
        var source = ContentHash.Of(text);
        var before = kernel.Read(Name).Table;
        if (Difference(before, source, out var proven) is null)
        {
            if (proven is not null)
            {
                new RulesetRecord(Name, source, proven).Save(RecordPath);
            }

            return false;
        }

        // Loaded from another text, and as that says.
        var wasOurs = before is { } old && RulesetRecord.Load(RecordPath) is { } record && record.Table == Name
            && RulesetIdentity.Difference(record.Parts, RulesetIdentity.Of(old)) is null;
        var compiled = CompiledRuleset.Of(Name, text);
        RulesetRecord.Begin(RecordPath);
        Load(kernel, compiled, before);
        loaded(wasOurs);
        new RulesetRecord(Name, source, compiled.Parts).Save(RecordPath);
        return true;
    }

    /// <summary>
    /// Why the table in a netns is not known to be the one that was loaded from the text; or null where it is.
    /// </summary>
    /// <exception cref="SystemFailure">The kernel could not be asked.</exception>
    internal RulesetDrift? Drift(NfTablesSocket kernel) => Difference(kernel.Read(Name).Table, Source, out _);

    /// <summary>The same of a table in the netns of a descriptor.</summary>
    internal RulesetDrift? DriftIn(SafeFileHandle netns)
    {
        using var kernel = NfTablesSocket.In(netns);
        return Drift(kernel);
    }

    /// <summary>The same of a table in the calling thread's netns.</summary>
    internal RulesetDrift? DriftHere()
    {
        using var kernel = NfTablesSocket.Here();
        return Drift(kernel);
    }

    /// <summary>Deletes a table of the calling thread's netns; one that is absent is fine.</summary>
    internal static void Delete(string name)
    {
        using var kernel = NfTablesSocket.Here();
        kernel.Delete(name);
    }

    private RulesetDrift? Difference(NfTable? table, string? source, out IReadOnlyList<RulesetPart>? proven)
    {
        proven = null;
        if (table is null)
        {
            return Changed("it is gone");
        }

        var found = RulesetIdentity.Of(table);
        if (RulesetRecord.Load(RecordPath) is { } record)
        {
            return record.Table != Name || record.Source != (source ?? record.Source)
                ? Changed("it is that of an earlier apply")
                : RulesetIdentity.Difference(record.Parts, found) is { } difference
                ? Changed((IsDormant(table) ? "it is dormant and filters nothing, " : "") + difference)
                : null;
        }

        if (RulesetRecord.LoadFirst(RecordPath) is not { } first)
        {
            return RulesetRecord.IsUnreadable(RecordPath)
                ? new RulesetDrift(RulesetDriftKind.Unproven,
                    "a load of it was cut short, its record is damaged, or a newer version of vpn-confinement wrote that")
                : Changed("it is not written down what was loaded");
        }

        var text = Text();
        if (first != new FirstRulesetRecord(Name, source ?? first.Source) || first.Source != ContentHash.Of(text))
        {
            return source is null
                ? new RulesetDrift(RulesetDriftKind.Unproven,
                    "an older version of vpn-confinement loaded it from another text")
                : Changed("it is that of an earlier apply");
        }

        proven = found;
        return RulesetIdentity.Difference(CompiledRuleset.Of(Name, text).Parts, found) is { } other
            ? new RulesetDrift(RulesetDriftKind.Unproven,
                $"an older version of vpn-confinement loaded it, and from its text this one would get another ({other})")
            : null;
    }

    // What is written down afterwards is what the text makes, and it is asserted that the kernel has just that.
    private void Load(NfTablesSocket kernel, CompiledRuleset compiled, NfTable? before)
    {
        var difference = "";
        for (var attempt = 0; attempt < LoadAttempts; attempt++)
        {
            try
            {
                kernel.Make(compiled.Image, replacing: before is not null);
            }
            catch (SystemFailure e) when (e.Errno is Errno.ENOENT or Errno.EEXIST && attempt + 1 < LoadAttempts)
            {
                // Made or deleted by somebody else since it was read.
            }

            before = kernel.Read(Name).Table;
            difference = before is null ? "it is gone"
                : RulesetIdentity.Difference(compiled.Parts, RulesetIdentity.Of(before));
            if (difference is null)
            {
                return;
            }
        }

        throw new SystemFailure(
            $"the ruleset was loaded {LoadAttempts} times, and table inet {Name} was another each time it was read back: {difference}",
            "find what changes it with 'nft monitor', then run this again");
    }

    private static bool IsDormant(NfTable table) => (table.Flags & NfTablesConstants.NFT_TABLE_F_DORMANT) != 0;

    private static RulesetDrift Changed(string detail) => new(RulesetDriftKind.Changed, detail);
}
