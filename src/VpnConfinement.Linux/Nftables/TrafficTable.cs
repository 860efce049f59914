using Microsoft.Win32.SafeHandles;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink.NfTables;

namespace VpnConfinement.Linux.Nftables;

/// <summary>
/// The table of a netns that counts what goes through the tunnel (<see cref="TrafficRuleset"/>), loaded when it is
/// first read and when it is gone.
/// </summary>
/// <param name="netns">The netns.</param>
/// <param name="text">What is loaded.</param>
internal sealed class TrafficTable(SafeFileHandle netns, string text) : IDisposable
{
    private readonly NfTablesSocket _kernel = NfTablesSocket.In(netns);

    /// <summary>Reads the packets of the counters, by name; loads the table where it is not there.</summary>
    /// <exception cref="SystemFailure">The kernel refused.</exception>
    internal IReadOnlyDictionary<string, ulong> Read()
    {
        var counters = List();
        if (counters.Count > 0)
        {
            return counters;
        }

        // The library loads where nothing else is (docs/adr/0020).
        var compiled = CompiledRuleset.Of(TrafficRuleset.Table, text);
        _kernel.Make(compiled.Image, replacing: _kernel.Read(TrafficRuleset.Table).Table is not null);
        return List();
    }

    /// <inheritdoc/>
    public void Dispose() => _kernel.Dispose();

    private Dictionary<string, ulong> List()
    {
        try
        {
            return NftCounters.Of(_kernel, TrafficRuleset.Table).DistinctBy(c => c.Name)
                .ToDictionary(c => c.Name, c => c.Packets, StringComparer.Ordinal);
        }
        catch (SystemFailure e) when (e.Errno == Errno.ENOENT)
        {
            return [];
        }
    }
}
