using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.NftObjectConstants;

namespace VpnConfinement.Linux.Nftables;

/// <summary>The table of a netns that counts what goes through the tunnel (<see cref="TrafficRuleset"/>), loaded when it is first read and when it is gone.</summary>
/// <param name="netns">The netns; it has to outlive this.</param>
/// <param name="text">What is loaded.</param>
internal sealed class TrafficTable(SafeFileHandle netns, string text) : IDisposable
{
    private readonly NetlinkSocket _socket = NetlinkSocket.OpenIn(netns, NETLINK_NETFILTER);

    /// <summary>Reads the counters, by name; loads the table where it is not there.</summary>
    /// <exception cref="SystemFailure">The kernel refused.</exception>
    internal IReadOnlyDictionary<string, ulong> Read()
    {
        var counters = List();
        if (counters.Count == 0)
        {
            NftContext.RunIn(netns, context =>
            {
                context.Load(text, "load the counters of the tunnel's traffic");
                return true;
            });
            counters = List();
        }

        return counters;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private Dictionary<string, ulong> List()
    {
        try
        {
            return _socket.Query(Message(stackalloc byte[128]), "read the counters of the tunnel's traffic", Parse).DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => c.Packets, StringComparer.Ordinal);
        }
        catch (SystemFailure e) when (e.Errno == Errno.ENOENT)
        {
            return [];
        }
    }

    private static Span<byte> Message(Span<byte> buffer)
    {
        var writer = new NetlinkWriter(buffer, (ushort)((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETOBJ), NLM_F_DUMP);
        writer.Struct([NFPROTO_INET, 0, 0, 0]);
        writer.Text(NFTA_OBJ_TABLE, TrafficRuleset.Table);
        return writer.Finish();
    }

    // A kernel that does not narrow the list tells of every table.
    internal static NftCounter? Parse(ReadOnlySpan<byte> payload)
    {
        string? table = null, name = null;
        var isCounter = false;
        ulong? packets = null, bytes = null;
        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case NFTA_OBJ_TABLE:
                    table = attributes.Text();
                    break;
                case NFTA_OBJ_NAME:
                    name = attributes.Text();
                    break;
                case NFTA_OBJ_TYPE:
                    isCounter = BinaryPrimitives.ReverseEndianness(attributes.Number<uint>()) == NFT_OBJECT_COUNTER;
                    break;
                case NFTA_OBJ_DATA:
                    var data = attributes.Nested();
                    while (data.Next())
                    {
                        packets = data.Type == NFTA_COUNTER_PACKETS ? BinaryPrimitives.ReverseEndianness(data.Number<ulong>()) : packets;
                        bytes = data.Type == NFTA_COUNTER_BYTES ? BinaryPrimitives.ReverseEndianness(data.Number<ulong>()) : bytes;
                    }

                    break;
                default:
                    break;
            }
        }

        return table != TrafficRuleset.Table || !isCounter ? null
            : name is null || packets is null || bytes is null ? throw AttributeReader.Malformed()
            : new NftCounter(name, packets.Value, bytes.Value);
    }
}
