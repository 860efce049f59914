using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Tests.Root;

/// <summary>The table that counts the tunnel's traffic, in a kernel.</summary>
[Collection("root")]
public sealed class TrafficTableTests : IDisposable
{
    private readonly OtherNetns _netns = new("traffic");
    private readonly SafeFileHandle _handle = Kernel.Open("/run/netns/traffic", LibcConstants.O_RDONLY);

    public void Dispose()
    {
        _handle.Dispose();
        _netns.Dispose();
    }

    [Fact]
    public void It_is_loaded_when_it_is_read_counts_and_is_loaded_again_when_it_is_gone_or_empty()
    {
        Shell.Run(
            "ip -n traffic link add wg9 type veth peer name other; ip -n traffic address add 10.9.9.1/24 dev wg9; "
            + "ip -n traffic link set other up; ip -n traffic link set wg9 up");
        Assert.True(InterfaceName.TryParse("wg9", out var tunnel));
        var resolver = new IPAddress([10, 9, 9, 7]);
        using var table = new TrafficTable(_handle, TrafficRuleset.Compile(tunnel, [resolver]));
        string[] names = [TrafficRuleset.Answered, TrafficRuleset.Asked, TrafficRuleset.Sent];
        var first = table.Read();
        Assert.Equal(names.Order(StringComparer.Ordinal), first.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(0ul, first[TrafficRuleset.Asked]);

        var question = new IPEndPoint(resolver, 53);
        using var socket = _netns.Inside(() => new UdpClient(question.AddressFamily));
        socket.Send([0], question);
        Assert.True(table.Read()[TrafficRuleset.Asked] > 0);
        foreach (var damage in (string[])[$"flush ruleset; add table inet {TrafficRuleset.Table}", "flush ruleset"])
        {
            Shell.In("traffic", $"nft '{damage}'");
            Assert.Equal(names.Order(StringComparer.Ordinal), table.Read().Keys.Order(StringComparer.Ordinal));
        }
    }
}
