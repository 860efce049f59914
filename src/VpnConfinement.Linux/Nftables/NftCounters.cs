using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink.NfTables;

namespace VpnConfinement.Linux.Nftables;

/// <summary>The named counters of a namespace, which say why packets were refused.</summary>
public static class NftCounters
{
    /// <summary>Reads them, ordered by name.</summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <exception cref="SystemFailure">The namespace is not up or not ours, or the kernel refused.</exception>
    public static IReadOnlyList<NftCounter> Read(string ns)
    {
        using var netns = Netns.Open(ns);
        using var kernel = NfTablesSocket.In(netns);
        return Of(kernel, NftTable.Confinement);
    }

    /// <summary>Those of a table.</summary>
    internal static IReadOnlyList<NftCounter> Of(NfTablesSocket kernel, string table) =>
    [
        .. kernel.Objects(table).Where(o => o.Type == NfTablesConstants.NFT_OBJECT_COUNTER)
            .Select(o => new NftCounter(o.Name, o.Packets, o.Bytes)).OrderBy(c => c.Name, StringComparer.Ordinal),
    ];
}
