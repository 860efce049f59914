using System.Buffers.Binary;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.NfTablesConstants;

namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>
/// Base chains on the input and the output hook whose policy is to drop (linux/netfilter/nf_tables.h): what may stand
/// between a tunnel and its server. iptables-legacy is not seen.
/// </summary>
internal static class DroppingChains
{
    // How tables of ours on the host begin: those of host links and of endpoint pinning.
    private const string OwnStart = "vpnc_";

    /// <summary>Lists those of others, as <c>chain input of table inet filter</c>, in ordinal order.</summary>
    /// <param name="socket">A netfilter socket in the netns.</param>
    /// <exception cref="SystemFailure">The kernel refused.</exception>
    internal static IReadOnlyList<string> List(NetlinkSocket socket)
    {
        var writer = new NetlinkWriter(stackalloc byte[64], NfMessages.Type(NFT_MSG_GETCHAIN), NLM_F_DUMP);
        writer.Struct([NFPROTO_UNSPEC, 0, 0, 0]);
        return [.. socket.Query(writer.Finish(), "list the chains of nftables", Parse).Distinct()
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Reads one chain; null for any other kind than those.</summary>
    internal static string? Parse(ReadOnlySpan<byte> payload)
    {
        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        var (table, name) = ("", "");
        uint? hook = null, policy = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case NFTA_CHAIN_TABLE:
                    table = attributes.Text();
                    break;
                case NFTA_CHAIN_NAME:
                    name = attributes.Text();
                    break;
                case NFTA_CHAIN_POLICY:
                    policy = Number(attributes);
                    break;
                case NFTA_CHAIN_HOOK:
                    for (var hooks = attributes.Nested(); hooks.Next();)
                    {
                        hook = hooks.Type == NFTA_HOOK_HOOKNUM ? Number(hooks) : hook;
                    }

                    break;
            }
        }

        string? family = payload[0] switch
        {
            NFPROTO_INET => "inet",
            NFPROTO_IPV4 => "ip",
            NFPROTO_IPV6 => "ip6",
            _ => null,
        };
        return family is not null && policy == NF_DROP && hook is (NF_INET_LOCAL_IN or NF_INET_LOCAL_OUT)
            && !table.StartsWith(OwnStart, StringComparison.Ordinal)
            ? $"chain {name} of table {family} {table}"
            : null;
    }

    private static uint Number(AttributeReader attribute) =>
        BinaryPrimitives.ReverseEndianness(attribute.Number<uint>());
}
