using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;

namespace VpnConfinement.Linux.Tests.Root;

/// <summary>What nf_tables reports in a namespace of a test.</summary>
internal static class KernelRuleset
{
    /// <summary>The parts of the namespace's own table; none where there is no such table.</summary>
    internal static IReadOnlyList<RulesetPart> Parts(string ns)
    {
        using var netns = Netns.Open(ns);
        using var kernel = NfTablesSocket.In(netns);
        return kernel.Read(NftTable.Confinement).Table is { } found ? RulesetIdentity.Of(found) : [];
    }

    /// <summary>The number of the last change.</summary>
    internal static uint Generation(string ns)
    {
        using var netns = Netns.Open(ns);
        using var kernel = NfTablesSocket.In(netns);
        return kernel.Generation();
    }
}
