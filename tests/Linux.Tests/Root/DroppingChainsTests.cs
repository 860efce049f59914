using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;

namespace VpnConfinement.Linux.Tests.Root;

/// <summary>What <c>doctor</c> reads of the rules of others, from the real kernel.</summary>
[Collection("root")]
public sealed class DroppingChainsTests
{
    private const string Rules = """
        table inet filter {
            chain input { type filter hook input priority 0; policy drop; }
            chain output { type filter hook output priority 0; policy accept; }
            chain forward { type filter hook forward priority 0; policy drop; }
            chain plain { }
        }
        table ip old { chain OUTPUT { type filter hook output priority 0; policy drop; }; }
        table ip6 old { chain OUTPUT { type filter hook output priority 0; policy drop; }; }
        table inet vpnc_host_0123456789ab { chain input { type filter hook input priority 0; policy drop; }; }

        """;

    [Fact]
    public void Chains_of_others_on_input_and_output_that_drop_are_listed() => Assert.Equal(
        ["chain OUTPUT of table ip old", "chain OUTPUT of table ip6 old", "chain input of table inet filter"],
        NetnsThread.RunInNew(() =>
        {
            using (var nft = NftContext.Here())
            {
                nft.Load(Rules, "load the rules of others");
            }

            using var socket = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_NETFILTER);
            return DroppingChains.List(socket);
        }));

    [Fact]
    public void Without_rules_there_are_none() => Assert.Empty(NetnsThread.RunInNew(() =>
    {
        using var socket = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_NETFILTER);
        return DroppingChains.List(socket);
    }));
}
