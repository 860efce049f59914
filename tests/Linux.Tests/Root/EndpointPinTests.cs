using System.Net;
using System.Net.Sockets;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

[Collection("root")]
public sealed class EndpointPinTests : IDisposable
{
    private readonly TestPlan _test = new();
    private readonly OtherNetns _other;

    public EndpointPinTests() => _other = new OtherNetns($"other-{_test.Name}");

    public void Dispose()
    {
        WireGuardDown.Run(_test.Name, _test.Interface, _test.Log.Add);
        Pin(up: false);
        _other.Dispose();
        _test.Dispose();
    }

    [Fact]
    public void Without_its_pinning_no_tunnel_comes_up()
    {
        var stored = _test.Pinned(_test.Stored());
        _test.Up(stored);
        Assert.Contains("not pinned", Assert.Throws<SystemFailure>(() => _test.WireGuard(stored)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_test.Interface, _test.In("ip -o link"), StringComparison.Ordinal);

        EndpointPin.Up(stored.Plan, _test.Log.Add);
        _test.WireGuard(stored);
        Shell.Run($"nft flush chain inet {stored.Plan.Pinning!.Table} output");
        Assert.Contains("not pinned", Assert.Throws<SystemFailure>(() => _test.WireGuard(stored)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_test.Interface, _test.In("ip -o link"), StringComparison.Ordinal);
    }

    [Fact]
    public void Marked_packets_go_to_the_endpoint_and_nowhere_else_and_both_are_counted()
    {
        var stored = Elsewhere();
        _test.Up(stored);
        EndpointPin.Up(stored.Plan, _test.Log.Add);
        _test.WireGuard(stored);

        // The tunnel itself: with keepalives on it sends a handshake to its endpoint at once.
        Assert.True(SpinWait.SpinUntil(() => Counter(stored, "pinned") > 0, TimeSpan.FromMinutes(1)));
        Assert.Equal(0, Counter(stored, "refused_pin"));

        Assert.True(Enumerable.Range(0, 5).Any(_ => IsCountedOnce()), "no packet counts as one");
        Assert.NotEqual(SocketError.Success, Send(51820, "198.51.100.8", 51820));
        Assert.NotEqual(SocketError.Success, Send(51820, "198.51.100.7", 53));
        Assert.Equal(SocketError.Success, Send(0, "198.51.100.8", 53));
        Assert.Equal(2, Counter(stored, "refused_pin"));

        // The tunnel's handshake is not answered, and is sent again every five seconds: it may be counted just then.
        bool IsCountedOnce()
        {
            var pinned = Counter(stored, "pinned");
            Assert.Equal(SocketError.Success, Send(51820, "198.51.100.7", 51820));
            return Counter(stored, "pinned") == pinned + 1;
        }
    }

    [Fact]
    public void The_table_is_in_the_birthplace_alone_and_goes_with_the_pinning()
    {
        var stored = Elsewhere();
        EndpointPin.Up(stored.Plan, _test.Log.Add);
        Assert.Contains(stored.Plan.Pinning!.Table, Shell.In(_other.Name, "nft list tables"), StringComparison.Ordinal);
        Assert.DoesNotContain(stored.Plan.Pinning!.Table, Shell.Run("nft list tables"), StringComparison.Ordinal);
        _test.Log.Clear();
        EndpointPin.Up(stored.Plan, _test.Log.Add);
        Assert.Empty(_test.Log);

        Pin(up: false);
        Assert.Equal("", Shell.In(_other.Name, "nft list tables"));
        Assert.Empty(Directory.GetFiles(StateLayout.RunFolder, $"{_test.Name}.pin*"));
        Pin(up: false);
    }

    [Fact]
    public void What_somebody_changed_is_loaded_again()
    {
        var stored = _test.Pinned(_test.Stored());
        EndpointPin.Up(stored.Plan, _test.Log.Add);
        var before = Shell.Run($"nft -s list table inet {stored.Plan.Pinning!.Table}");
        foreach (var damage in (string[])["nft flush ruleset", $"nft insert rule inet {stored.Plan.Pinning.Table} output accept"])
        {
            Shell.Run(damage);
            Assert.NotNull(EndpointPin.Drift(stored.Plan, stored.Plan.Pinning));
            EndpointPin.Up(stored.Plan, _test.Log.Add);
            Assert.Null(EndpointPin.Drift(stored.Plan, stored.Plan.Pinning));
            Assert.Equal(before, Shell.Run($"nft -s list table inet {stored.Plan.Pinning.Table}"));
        }
    }

    [Fact]
    public void The_pinning_is_kept_while_the_link_is_there()
    {
        var stored = _test.Pinned(_test.Stored());
        _test.Up(stored);
        EndpointPin.Up(stored.Plan, _test.Log.Add);
        _test.WireGuard(stored);
        Assert.Contains("still there", Assert.Throws<SystemFailure>(() => Pin(up: false)).Message, StringComparison.Ordinal);
        Assert.Null(EndpointPin.Drift(stored.Plan, stored.Plan.Pinning!));
        WireGuardDown.Run(_test.Name, _test.Interface, _test.Log.Add);
        Pin(up: false);
        Assert.DoesNotContain("endpoint_pin", Shell.Run("nft list tables"), StringComparison.Ordinal);
    }

    private StoredPlan Elsewhere() => _test.Pinned(_test.Stored(change: plan => plan with { Birthplace = _other.Name }));

    private void Pin(bool up)
    {
        _ = NamespaceName.TryParse(_test.Name, out var name);
        Assert.False(up);
        EndpointPin.Down(name, _test.Log.Add);
    }

    private int Counter(StoredPlan stored, string name) =>
        int.Parse(Shell.In(_other.Name, $"nft list counter inet {stored.Plan.Pinning!.Table} {name}").Split("packets ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private SocketError Send(int mark, string address, int port) => _other.Inside(() =>
    {
        const int SO_MARK = 36;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetRawSocketOption(1, SO_MARK, BitConverter.GetBytes(mark));
        try
        {
            socket.SendTo([1], new IPEndPoint(IPAddress.Parse(address), port));
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    });
}
