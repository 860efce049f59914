using System.Net;
using System.Net.Sockets;
using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>Where a tunnel's own packets go: pinned endpoints, a socket in another network namespace, endpoints that are names; and keys that are made.</summary>
[Trait("guarantees", "S-15 S-18 S-19 S-20")]
public sealed class TunnelTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string RefreshTimer = "wireguard-wg0-refresh.timer";

    private readonly Laboratory _laboratory = host.Laboratory;

    public void Dispose()
    {
        host.Reset();
        _laboratory.World.OrdinaryResolver.Answer = Addresses.OrdinaryAnswer;
        _laboratory.World.PinnedResolver.Answer = Addresses.PinnedAnswer;
        host.Write(Laboratory.ProviderFile, _laboratory.World.Provider.CustomerFile);
    }

    [Fact]
    public void A_pinned_tunnels_packets_go_to_its_endpoint_or_nowhere()
    {
        Configure("wireguard.endpointPinning = { enable = true, fwMark = 51966 }");
        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_laboratory.Downloader.GetInTime(Addresses.Web)}");
        Assert.True(Counter("pinned") > 0);
        Assert.Equal(0, Counter("refused_pin"));
        Assert.Equal("active", host.Shell("systemctl is-active vpn-confinement-endpoint-pinning@media").Output.Trim());

        host.Shell("systemctl start ordinary").OrThrow();
        var watch = UplinkWatch.Begin(_laboratory);
        Send(51966, Addresses.Provider, Addresses.WireGuardPort);
        Send(0, Addresses.OtherResolver, 4444);
        Send(51966, Addresses.OtherResolver, 5555);
        Send(51966, Addresses.Provider, 5556);
        var seen = watch.End();
        Assert.Contains(seen, p => Is(p, Addresses.Provider, Addresses.WireGuardPort));
        Assert.Contains(seen, p => Is(p, Addresses.OtherResolver, 4444));
        Assert.DoesNotContain(seen, p => p.DestinationPort is 5555 or 5556);
        Assert.Equal(2, Counter("refused_pin"));
        Assert.Equal(0, host.Product("status").ExitCode);

        foreach (var damage in new[] { $"nft delete table inet {Table()}", $"nft insert rule inet {Table()} output accept" })
        {
            host.StopWatching();
            host.Shell(damage).OrThrow();
            var status = host.Product("status");
            Assert.Equal(4, status.ExitCode);
            Assert.Contains("are not pinned as they were", status.Output, StringComparison.Ordinal);
            host.Product("apply").OrThrow();
            Assert.Equal(0, host.Product("status").ExitCode);
            Assert.Equal($"{Addresses.Provider}", $"{_laboratory.Downloader.GetInTime(Addresses.Web)}");
        }

        StopAll();
        Assert.DoesNotContain("endpoint_pin", host.Shell("nft list tables").Output, StringComparison.Ordinal);
        host.Shell("systemctl start downloader").OrThrow();
        Assert.NotEmpty(Table());
        host.Write(Laboratory.ConfigFile, host.Config);
        host.Product("apply").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_laboratory.Downloader.GetInTime(Addresses.Web)}");
        Assert.DoesNotContain("endpoint_pin", host.Shell("nft list tables; ls /run/vpn-confinement /etc/systemd/system").Output.Replace('-', '_').Replace("pinning", "pin", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("administrator", host.Shell("nft list tables").Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("damage", "birthplace: absent")]
    public void The_socket_is_in_a_namespace_of_somebody_else()
    {
        MakePath();
        Configure("wireguard.socketNamespace = \"path\"\nwireguard.endpointPinning.enable = true");
        host.Shell("systemctl start downloader ordinary").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_laboratory.Downloader.GetInTime(Addresses.Web)}");
        Assert.Contains("endpoint_pin", host.Shell("nsenter --net=/run/netns/path nft list tables").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("endpoint_pin", host.Shell("nft list tables").Output, StringComparison.Ordinal);
        Assert.NotEqual("0", host.Shell("nsenter --net=/run/netns/path ss -Huln | wc -l").Output.Trim());
        Assert.Equal("0", host.Shell("ss -Huln | wc -l").Output.Trim());
        Assert.Equal(0, host.Product("status").ExitCode);

        // Its way out is gone: blocked, seen, and repaired by the next apply once it is there again.
        host.StopWatching();
        host.Shell("ip link delete topath; ip netns delete path").OrThrow();
        Assert.False(_laboratory.Downloader.Get(Addresses.Web).Ok);
        host.RequireNamed("the network namespace of the socket of wg0 is gone");
        Assert.Equal(4, host.Product("apply").ExitCode);
        Assert.NotEqual("active", _laboratory.Machine.UnitState("downloader.service"));
        Assert.Contains("there is no /run/netns/path", host.Shell("journalctl -q -o cat -u vpn-confinement-endpoint-pinning@media").Output, StringComparison.Ordinal);
        MakePath();
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_laboratory.Downloader.GetInTime(Addresses.Web)}");
        host.Shell("systemctl stop downloader; ip link delete topath; ip netns delete path; nft delete table ip path").OrThrow();
    }

    [Fact]
    public void A_tunnel_in_a_tunnel_goes_down_and_comes_back_with_it()
    {
        const int InnerPort = 51999;
        host.Write(Laboratory.ConfigFile, $$"""
            [namespaces.media]
            wireguard.configFile = "/etc/wireguard/provider.conf"
            [namespaces.inner]
            wireguard.interface = "wg1"
            wireguard.socketNamespace = "media"
            wireguard.implementation = "{{(LabHost.HasKernelWireGuard ? "kernel" : "userspace")}}"
            wireguard.allowHostnameEndpoints = true
            dns.servers = ["10.99.0.1"]
            [wireguard.interfaces.wg1]
            ips = ["10.99.0.2/32"]
            privateKeyFile = "/etc/wireguard/inner.key"
            generatePrivateKeyFile = true
            dynamicEndpointRefreshSeconds = 10
            mtu = 1340
            peers = [ { publicKey = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=", endpoint = "inner.example:{{InnerPort}}", allowedIPs = ["0.0.0.0/0"] } ]
            [services.downloader.vpn]
            namespace = "inner"
            """);
        var (pinned, ordinary) = (_laboratory.World.PinnedResolver, _laboratory.World.OrdinaryResolver);
        pinned.Answer = Addresses.Web;
        host.Product("apply").OrThrow();
        using var far = Sockets.Open(_laboratory.World.Internet, AddressFamily.InterNetwork, SocketType.Dgram);
        far.Bind(new IPEndPoint(Addresses.Web, InnerPort));
        far.ReceiveTimeout = (int)LabHost.Patience(60).TotalMilliseconds;
        host.Shell("systemctl start ordinary").OrThrow();
        var watch = UplinkWatch.Begin(_laboratory);
        host.Shell("systemctl start downloader").OrThrow();
        Assert.False(_laboratory.Downloader.Get(Addresses.Web).Ok);

        // What the inner tunnel sends comes out at the provider's end of the outer one.
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        var count = far.ReceiveFrom(new byte[2000], ref from);
        Assert.Equal((148, Addresses.Provider), (count, ((IPEndPoint)from).Address));
        var verdict = watch.EndWithTunnelOnly("inner tunnel");
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);

        // Its name was looked up through the outer tunnel, by the resolver of that namespace.
        Assert.Contains(pinned.Queries, q => q.Name == "inner.example");
        Assert.DoesNotContain(ordinary.Queries, q => q.Name == "inner.example");

        host.Shell("systemctl stop wireguard-wg0").OrThrow();
        _laboratory.Machine.RequireUnit("downloader.service", "inactive");
        _laboratory.Machine.RequireUnit("wireguard-wg1.service", "inactive");
        host.Shell("systemctl start wireguard-wg0").OrThrow();
        _laboratory.Machine.RequireUnit("downloader.service", "active");

        // A change of the outer one alone takes the inner one along and brings it back.
        host.Write(Laboratory.ConfigFile, host.Read(Laboratory.ConfigFile).Replace("[namespaces.inner]", "publishToHost.tcp = [9091]\n[namespaces.inner]", StringComparison.Ordinal));
        host.Product("apply", "--no-wait").OrThrow();
        Assert.Equal("active", _laboratory.Machine.UnitState("downloader.service"));


        // Whether each works depends on the moment: the inner server answers nobody.
        var status = host.Product("status").Output;
        Assert.Matches("media  netns [0-9]+, ruleset intact", status);
        Assert.Matches("inner  netns [0-9]+, ruleset intact", status);
        host.Shell("systemctl stop downloader; rm /etc/wireguard/inner.key").OrThrow();
        _laboratory.Machine.RequireUnit("wireguard-wg0.service", "inactive");
    }

    [Fact]
    public void An_endpoint_that_is_a_name_resolves_late_moves_and_fails()
    {
        var resolver = _laboratory.World.OrdinaryResolver;
        host.Write(Laboratory.ProviderFile, _laboratory.World.Provider.CustomerFile.Replace($"Endpoint = {Addresses.Provider}:", "Endpoint = vpn.example:", StringComparison.Ordinal));
        resolver.Answer = null;
        host.Write(Laboratory.ConfigFile, host.Config.Replace("publishToHost", "wireguard.allowHostnameEndpoints = true\npublishToHost", StringComparison.Ordinal) + "[wireguard.interfaces.wg0]\ndynamicEndpointRefreshSeconds = 10\n");
        host.Product("apply").OrThrow();
        host.Shell("systemctl start ordinary").OrThrow();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        host.Shell("systemctl start downloader").OrThrow();
        Assert.True(clock.Elapsed < LabHost.Patience(40), $"{clock.Elapsed}");
        var watch = UplinkWatch.Begin(_laboratory);
        Assert.False(_laboratory.Downloader.Get(Addresses.Web).Ok);
        Assert.Contains("vpn.example:51820 has no address yet", host.Product("status").Output, StringComparison.Ordinal);
        Assert.All(watch.End().Where(p => !p.Outgoing && p.Kind == PacketKind.Udp), p => Assert.Equal(53, p.DestinationPort));

        // None is written, so it is by the route to where the server is.
        host.Shell($"ip route add {Addresses.ProviderMoved} via {Addresses.Gateway} mtu 1400").OrThrow();
        string Mtu() => host.Shell("nsenter --net=/run/netns/media ip -o link show wg0 | grep -o 'mtu [0-9]*'").OrThrow().Output.Trim();
        resolver.Answer = Addresses.Provider;
        WaitForTunnel("the name resolves");
        Assert.Equal("mtu 1420", Mtu());
        _laboratory.World.MoveProvider(Addresses.ProviderMoved, away: true);
        try
        {
            resolver.Answer = Addresses.ProviderMoved;
            WaitForTunnel("the server has moved");
            Eventually.See("the MTU of the other route", Mtu, mtu => mtu == "mtu 1320");
            Assert.Equal(0, host.Product("status").ExitCode);
            resolver.Answer = null;
            Thread.Sleep(TimeSpan.FromSeconds(22));
            Assert.Equal($"{Addresses.Provider}", $"{_laboratory.Downloader.GetInTime(Addresses.Web)}");
            resolver.Answer = IPAddress.Loopback;
            Thread.Sleep(TimeSpan.FromSeconds(12));
            Assert.Equal($"{Addresses.Provider}", $"{_laboratory.Downloader.GetInTime(Addresses.Web)}");
            Assert.Equal(0, host.Product("status").ExitCode);
            host.Shell("systemctl restart wireguard-wg0").OrThrow();
            _laboratory.Machine.RequireUnit("downloader.service", "active");
            WaitForTunnel("the tunnel was restarted while lookups fail");
            Assert.Equal("active", _laboratory.Machine.UnitState(RefreshTimer));
        }
        finally
        {
            _laboratory.World.MoveProvider(Addresses.ProviderMoved, away: false);
            host.Shell($"ip route del {Addresses.ProviderMoved}").OrThrow();
        }

        // The timer does not keep the tunnel, nor outlive it.
        host.Shell("systemctl stop downloader").OrThrow();
        _laboratory.Machine.RequireUnit("wireguard-wg0.service", "inactive");
        _laboratory.Machine.RequireUnit(RefreshTimer, "inactive");
    }

    [Fact]
    public void A_missing_key_is_made_once_and_its_public_key_is_shown()
    {
        const string Key = "/etc/wireguard/made/wg0.key";
        host.Write(Laboratory.ConfigFile, $$"""
            [namespaces.media]
            dns.servers = ["10.64.0.1"]
            [wireguard.interfaces.wg0]
            ips = ["10.64.0.2/32"]
            privateKeyFile = "{{Key}}"
            generatePrivateKeyFile = true
            peers = [ { publicKey = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=", endpoint = "{{Addresses.Provider}}:1", allowedIPs = ["0.0.0.0/0"] } ]
            [services.downloader.vpn]
            namespace = "media"
            """);
        var applied = host.Product("apply").OrThrow();
        string PublicKey() => host.Shell($"wg pubkey < {Key}").OrThrow().Output.Trim();
        Assert.Contains($"its public key: {PublicKey()}", applied.Error, StringComparison.Ordinal);
        Assert.Equal("600 root 700", host.Shell($"stat -c '%a %U' {Key}; stat -c %a $(dirname {Key})").OrThrow().Output.Trim().Replace('\n', ' '));
        var first = PublicKey();
        Assert.Contains("nothing to do", host.Product("apply").OrThrow().Error, StringComparison.Ordinal);
        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal(first, PublicKey());

        // At the start of a tunnel, too; never over what is there.
        StopAll();
        host.Shell($"rm {Key}; systemctl start downloader").OrThrow();
        Assert.NotEqual(first, PublicKey());
        Assert.Contains($"its public key: {PublicKey()}", host.Shell("journalctl -q -o cat -u wireguard-wg0").Output, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Read(Key).Trim(), host.Shell("journalctl -q --no-pager").Output + applied.Error, StringComparison.Ordinal);
        StopAll();
        host.Shell($": > {Key}").OrThrow();
        Assert.False(host.Shell("systemctl start downloader").Succeeded);
        Assert.Equal("", host.Read(Key));
        host.Shell("systemctl reset-failed; rm -r /etc/wireguard/made").OrThrow();
    }

    private void Configure(string line)
    {
        host.Write(Laboratory.ConfigFile, host.Config.Replace("publishToHost", line + "\npublishToHost", StringComparison.Ordinal));
        host.Product("apply").OrThrow();
    }

    // A network namespace of the administrator's, with a way out through the machine.
    private void MakePath() => host.Shell("""
        set -e
        ip netns add path
        ip link add topath type veth peer name way0 netns path
        ip address add 198.18.0.1/30 dev topath && ip link set topath up
        ip -n path address add 198.18.0.2/30 dev way0 && ip -n path link set way0 up && ip -n path link set lo up
        ip -n path route add default via 198.18.0.1
        nft list table ip path >/dev/null 2>&1 || nft 'add table ip path; add chain ip path post { type nat hook postrouting priority srcnat; }; add rule ip path post ip saddr 198.18.0.0/30 masquerade'
        """).OrThrow();

    private void WaitForTunnel(string when) => Eventually.See(
        $"traffic when {when}",
        () => _laboratory.Downloader.Get(Addresses.Web),
        reply => reply.Ok,
        () => host.Shell("systemctl list-timers --all").Output + _laboratory.Machine.Told(Laboratory.TunnelUnit),
        LabHost.Patience(90));

    // The namespace goes with the last service in it.
    private void StopAll()
    {
        host.Shell("systemctl stop downloader").OrThrow();
        _laboratory.Machine.RequireUnit("vpn-confinement-netns@media.service", "inactive");
    }

    private void Send(int mark, IPAddress address, int port)
    {
        const int SO_MARK = 36;
        using var socket = Sockets.Open(_laboratory.HostPlace, AddressFamily.InterNetwork, SocketType.Dgram);
        socket.SetRawSocketOption(1, SO_MARK, BitConverter.GetBytes(mark));
        try
        {
            socket.SendTo("marked"u8, new IPEndPoint(address, port));
        }
        catch (SocketException)
        {
            // refused by the ruleset: what counts is what the uplink saw
        }
    }

    private string Table() => host.Shell("nft list tables").OrThrow().Output.Split('\n').Single(l => l.Contains("endpoint_pin", StringComparison.Ordinal)).Split(' ')[^1];

    private int Counter(string name) => int.Parse(
        host.Shell($"nft list counter inet {Table()} {name}").OrThrow().Output.Split("packets ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static bool Is(Packet packet, IPAddress address, int port) => address.Equals(packet.Destination) && packet.DestinationPort == port;
}
