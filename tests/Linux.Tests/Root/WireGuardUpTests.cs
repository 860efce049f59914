using System.Net;
using System.Net.Sockets;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

[Trait("guarantees", "S-2 S-8 S-9")]
[Collection("root")]
public sealed class WireGuardUpTests : IDisposable
{
    private readonly TestPlan _test = new();

    public void Dispose()
    {
        WireGuardDown.Run(_test.Name, _test.Interface, _test.Log.Add);
        _test.Dispose();
    }

    [Fact]
    public void Up_makes_a_configured_tunnel_and_leaves_no_link_on_the_host()
    {
        var stored = _test.Stored();
        _test.Up(stored);
        _test.WireGuard(stored);

        Assert.Contains("10.64.0.2/32", _test.In($"ip addr show {_test.Interface}"), StringComparison.Ordinal);
        Assert.Contains("mtu 1380", _test.In($"ip link show up {_test.Interface}"), StringComparison.Ordinal);
        Assert.Equal($"default dev {_test.Interface} proto static scope link", _test.In("ip route").Trim());
        Assert.DoesNotContain("inet6", _test.In($"ip addr show {_test.Interface}"), StringComparison.Ordinal);
        Assert.DoesNotContain("vpnc", Shell.Run("ip -o link"), StringComparison.Ordinal);
        using var device = WireGuardStatus.Read(_test.Name)!;
        var peer = Assert.Single(device.Peers);
        Assert.Equal(TestPlan.PeerKey, $"{peer.PublicKey}");
        Assert.Equal("198.51.100.7:51820", peer.Endpoint!.ToString());
        Assert.Equal(["0.0.0.0/0"], peer.AllowedIPs);
        Assert.Equal(25, peer.PersistentKeepalive);
        Assert.Equal(51820u, device.FwMark);
        Assert.DoesNotContain(File.ReadAllText(_test.KeyFile).Trim(), device.ToString() + string.Concat(_test.Log), StringComparison.Ordinal);
        var reached = File.ReadAllText(StateLayout.WireGuardRecord(_test.Name)).Trim().Split(' ')[^1];
        Assert.Equal(File.ReadAllText(_test.KeyFile).Trim(), Shell.Run($"wg show {reached} private-key"));
    }

    [Fact]
    public void Up_twice_keeps_the_device()
    {
        var stored = _test.Stored();
        _test.Up(stored);
        _test.WireGuard(stored);
        var before = _test.In("ip -d link") + File.ReadAllText(StateLayout.WireGuardRecord(_test.Name));
        _test.WireGuard(stored);

        Assert.Empty(_test.Log);
        Assert.Equal(before, _test.In("ip -d link") + File.ReadAllText(StateLayout.WireGuardRecord(_test.Name)));
    }

    [Fact]
    public void What_differs_is_set_in_place()
    {
        _test.Up(_test.Stored());
        _test.WireGuard(_test.Stored());
        var index = _test.In($"ip -o link show {_test.Interface}").Split(':')[0];
        var other = Shell.Run("wg genkey | wg pubkey");
        Shell.Run($"umask 077; wg genpsk > /run/psk-{_test.Name}");
        var changed = _test.Stored(change: plan => plan with
        {
            Addresses = [new InterfaceAddress(IPAddress.Parse("10.64.9.9"), 32)],
            Routes = [IPNetwork.Parse("10.64.0.0/16"), IPNetwork.Parse("198.51.100.0/24")],
            Mtu = 1300,
            FwMark = 7,
            ListenPort = 40404,
            Peers = [plan.Peers[0] with { PublicKey = TestPlan.Key(other), Endpoint = IPEndPoint.Parse("203.0.113.9:1"), AllowedIPs = [IPNetwork.Parse("10.64.0.0/16"), IPNetwork.Parse("198.51.100.0/24")], PresharedKeyFile = $"/run/psk-{_test.Name}" }],
        });
        _test.WireGuard(changed);

        using var device = WireGuardStatus.Read(_test.Name)!;
        Assert.Equal([other], device.Peers.Select(peer => $"{peer.PublicKey}"));
        Assert.Equal(40404, device.ListenPort);
        Assert.Equal(7u, device.FwMark);
        Assert.Equal(index, _test.In($"ip -o link show {_test.Interface}").Split(':')[0]);
        Assert.Contains("10.64.9.9/32", _test.In($"ip addr show {_test.Interface}"), StringComparison.Ordinal);
        Assert.DoesNotContain("10.64.0.2", _test.In($"ip addr show {_test.Interface}"), StringComparison.Ordinal);
        Assert.Equal(2, _test.In("ip route").Trim().Split('\n').Length);
        _test.WireGuard(changed);
        Assert.Empty(_test.Log);
    }

    [Fact]
    public void A_peer_that_the_device_leaves_out_is_a_failure()
    {
        // WireGuard drops a peer with the interface's own public key without a word.
        var own = Shell.Run($"wg pubkey < {_test.KeyFile}");
        var stored = _test.Stored(change: plan => plan with { Peers = [plan.Peers[0] with { PublicKey = TestPlan.Key(own) }] });
        _test.Up(stored);
        var failure = Assert.Throws<SystemFailure>(() => _test.WireGuard(stored));

        Assert.Contains(own, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_test.Interface, _test.In("ip -o link"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_namespaces_talk_through_their_tunnels_and_only_so()
    {
        using var other = new TestPlan();
        var (ours, theirs) = (Shell.Run($"wg pubkey < {_test.KeyFile}"), Shell.Run($"wg pubkey < {other.KeyFile}"));
        var near = _test.Stored(change: plan => Facing(plan, "10.64.0.1/32", 41001, theirs, "127.0.0.1:41002", "10.64.0.2/32"));
        var far = other.Stored(change: plan => Facing(plan, "10.64.0.2/32", 41002, ours, "127.0.0.1:41001", "10.64.0.1/32"));
        try
        {
            _test.Up(near);
            _test.WireGuard(near);
            other.Up(far);
            other.WireGuard(far);

            // Refused by the other end, not lost on the way: a packet went through both tunnels and back.
            using var netns = Namespaces.Netns.Open(_test.Name);
            var error = Namespaces.NetnsThread.Run(netns, () => Connect("10.64.0.2"));
            Assert.Equal(SocketError.ConnectionRefused, error);
            using var device = WireGuardStatus.Read(_test.Name)!;
            Assert.NotNull(device.Peers[0].LatestHandshake);
            Assert.True(device.Peers[0].ReceivedBytes > 0 && device.Peers[0].SentBytes > 0);
            Assert.Equal(SocketError.NetworkUnreachable, Namespaces.NetnsThread.Run(netns, () => Connect("198.51.100.1")));
        }
        finally
        {
            other.Down();
        }

        static WireGuardPlan Facing(WireGuardPlan plan, string address, int port, string key, string endpoint, string allowed) => plan with
        {
            Addresses = [new InterfaceAddress(IPAddress.Parse(address.Split("/")[0]), int.Parse(address.Split("/")[1], null))],
            Routes = [IPNetwork.Parse(allowed)],
            ListenPort = port,
            FwMark = 0,
            Peers = [plan.Peers[0] with { PublicKey = TestPlan.Key(key), Endpoint = IPEndPoint.Parse(endpoint), AllowedIPs = [IPNetwork.Parse(allowed)], PersistentKeepalive = 0 }],
        };
    }

    private static SocketError Connect(string address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        const int TCP_SYNCNT = 7;
        socket.SetRawSocketOption(6, TCP_SYNCNT, [3, 0, 0, 0]);
        try
        {
            socket.Connect(System.Net.IPAddress.Parse(address), 80);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    [Fact]
    public void IPv6_goes_through_the_tunnel_where_it_is_wanted()
    {
        var stored = _test.Stored(disableIPv6: false, change: plan => plan with
        {
            Addresses = [.. plan.Addresses, new InterfaceAddress(IPAddress.Parse("fd00:64::2"), 128)],
            Routes = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")],
            Peers = [plan.Peers[0] with { AllowedIPs = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")], Endpoint = IPEndPoint.Parse("[2001:db8::7]:51820") }],
        });
        _test.Up(stored);
        _test.WireGuard(stored);
        _test.WireGuard(stored);

        Assert.Empty(_test.Log);
        Assert.Contains("inet6 fd00:64::2/128", _test.In($"ip addr show {_test.Interface}"), StringComparison.Ordinal);
        Assert.DoesNotContain("fe80", _test.In($"ip addr show {_test.Interface}"), StringComparison.Ordinal);
        Assert.Contains($"default dev {_test.Interface}", _test.In("ip -6 route"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_of_another_kind_is_replaced()
    {
        _test.Up(_test.Stored());
        _test.In($"ip link add {_test.Interface} type veth peer name other");
        _test.WireGuard(_test.Stored());

        Assert.Contains("tun", _test.In($"ip -d link show {_test.Interface}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dead_userspace_program_is_replaced()
    {
        _test.Up(_test.Stored());
        _test.WireGuard(_test.Stored());
        var name = File.ReadAllText(StateLayout.WireGuardRecord(_test.Name)).Trim().Split(' ')[^1];
        Shell.Run($"kill -9 $(pgrep -f 'wireguard-go -f {name}$'); sleep 0.2");
        _test.WireGuard(_test.Stored());

        Assert.NotEqual(name, File.ReadAllText(StateLayout.WireGuardRecord(_test.Name)).Trim().Split(' ')[^1]);
        using var device = WireGuardStatus.Read(_test.Name)!;
        Assert.Single(device.Peers);
    }

    private static string Here()
    {
        using var host = Namespaces.BirthplaceNetns.Find(StateLayout.HostPlace)!;
        return host.Place;
    }

    [Fact]
    public void What_a_run_cut_short_left_on_the_host_is_taken_away()
    {
        _test.Up(_test.Stored());
        File.WriteAllText(StateLayout.WireGuardRecord(_test.Name), $"userspace {Here()} {_test.Interface} vpnccutshort\n");
        Shell.Run("WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD=1 wireguard-go vpnccutshort >/dev/null 2>&1");
        _test.WireGuard(_test.Stored());

        Assert.DoesNotContain("vpnccutshort", Shell.Run("ip -o link; ls /var/run/wireguard"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_a_run_cut_short_had_only_just_started_is_ended()
    {
        // Killed between the start of the program and its first act: the name is written down, but there is neither link nor socket.
        _test.Up(_test.Stored());
        File.WriteAllText(StateLayout.WireGuardRecord(_test.Name), $"userspace {Here()} {_test.Interface} vpncstarted\n");
        Shell.Run("bash -c 'exec -a /usr/bin/wireguard-go bash -c \"sleep 60; :\" x vpncstarted' >/dev/null 2>&1 & sleep 0.1; pgrep -f 'x vpncstarted$'");
        _test.WireGuard(_test.Stored());

        Assert.NotEqual(0, Shell.Try("pgrep -f 'x [v]pncstarted$'").Status);
    }

    [Theory]
    [InlineData("rm FILE", "is missing")]
    [InlineData("echo nonsense > FILE", "holds no key")]
    [InlineData("echo aGVsbG8= > FILE", "holds no key")]
    [InlineData("rm FILE; mkdir -m 700 FILE", "no key file")]
    public void A_bad_key_file_is_named_and_the_namespace_stays_blocked(string spoil, string expected)
    {
        _test.Up(_test.Stored());
        Shell.Run(spoil.Replace("FILE", _test.KeyFile, StringComparison.Ordinal));
        var failure = Assert.Throws<SystemFailure>(() => _test.WireGuard(_test.Stored()));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains(_test.KeyFile, failure.Message, StringComparison.Ordinal);
        Assert.Equal("1", _test.In("ip -o link | wc -l").Trim()[^1..]);
        Assert.Contains("policy drop", _test.In("nft list table inet vpnc"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_that_others_can_read_is_warned_of()
    {
        _test.Up(_test.Stored());
        Shell.Run($"chmod 644 {_test.KeyFile}");
        var log = new List<string>();
        VpnConfinement.Linux.Runtime.WireGuardUp.Run(_test.Stored().Plan, log.Add);
        Assert.Contains(log, line => line.Contains($"chmod 600 {_test.KeyFile}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_kernel_without_WireGuard_is_a_clear_failure_when_the_kernel_is_asked_for()
    {
        _test.Up(_test.Stored());
        var failure = Assert.Throws<SystemFailure>(() =>
            _test.WireGuard(_test.Stored(change: plan => plan with { Implementation = WireGuardImplementation.Kernel })));
        Assert.Contains("no wireguard module", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_whose_ruleset_changed_gets_no_tunnel_and_loses_the_one_it_has()
    {
        _test.Up(_test.Stored());
        _test.WireGuard(_test.Stored());
        _test.In("nft insert rule inet vpnc output accept");
        Assert.Contains("has changed", Assert.Throws<SystemFailure>(() => _test.WireGuard(_test.Stored())).Message, StringComparison.Ordinal);

        Assert.DoesNotContain(_test.Interface, _test.In("ip -o link"), StringComparison.Ordinal);
        Assert.Equal("", Shell.Try("ls /var/run/wireguard").Output);
    }

    [Fact]
    public void A_namespace_that_is_not_up_is_refused() =>
        Assert.Contains("is not up", Assert.Throws<SystemFailure>(() => _test.WireGuard(_test.Stored())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_link_name_that_the_host_has_is_refused()
    {
        _test.Up(_test.Stored());
        Shell.Run($"ip tuntap add {_test.Interface} mode tap");
        try
        {
            Assert.Contains("already has", Assert.Throws<SystemFailure>(() => _test.WireGuard(_test.Stored())).Message, StringComparison.Ordinal);
        }
        finally
        {
            Shell.Run($"ip link del {_test.Interface}");
        }
    }

    [Fact]
    public void Down_ends_the_userspace_program_and_may_be_repeated()
    {
        _test.Up(_test.Stored());
        _test.WireGuard(_test.Stored());
        WireGuardDown.Run(_test.Name, _test.Interface, _test.Log.Add);
        WireGuardDown.Run(_test.Name, _test.Interface, _test.Log.Add);

        Assert.DoesNotContain(_test.Interface, _test.In("ip -o link"), StringComparison.Ordinal);
        Assert.Equal("", Shell.Try("ls /var/run/wireguard").Output);
        Assert.Null(WireGuardStatus.Read(_test.Name));
    }

    [Fact]
    public void Netns_down_ends_the_userspace_program_too()
    {
        _test.Up(_test.Stored());
        _test.WireGuard(_test.Stored());
        NetnsDown.Run(_test.Name, null, _test.Log.Add);
        WireGuardDown.Run(_test.Name, _test.Interface, _test.Log.Add);

        Assert.Equal("", Shell.Try("ls /var/run/wireguard").Output);
        Assert.False(File.Exists(StateLayout.WireGuardRecord(_test.Name)));
    }
}
