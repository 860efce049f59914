using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// The host's own tools change something under a running service. Whatever it was, the service's own process tries every way out, the uplink
/// carries the tunnel and nothing else, and the next 'apply' repairs.
/// </summary>
[Collection("lab")]
public sealed class LeakStateTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Inside = "nsenter --net=/run/netns/media -- ";
    private const string Device = "n=$(basename /run/wireguard/vpnc*.sock .sock); ";

    private readonly BadHostFixture _host;
    private readonly string _resolver;

    public LeakStateTests(BadHostFixture host)
    {
        _host = host;
        _resolver = host.Read("/etc/resolv.conf");
        host.Shell("systemctl start ordinary").OrThrow();
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
    }

    public void Dispose()
    {
        _host.Shell("rm -f /etc/resolv.conf").OrThrow();
        _host.Write("/etc/resolv.conf", _resolver);
        _host.Reset();
    }

    [Theory]
    [InlineData("up", "true")]
    [InlineData("manager-reloaded", "systemctl daemon-reload")]
    [InlineData("manager-reexecuted", "systemctl daemon-reexec")]
    [InlineData("resolver-file-rewritten", "echo nameserver 203.0.113.53 > /etc/resolv.conf")]
    public void The_service_goes_on_through_its_tunnel(string state, string change)
    {
        var pid = MainPid();
        Change(state, change, expectTunnel: true);
        Assert.Equal(pid, MainPid());
        Assert.Equal($"{Addresses.PinnedAnswer}", _host.Laboratory.Downloader.Resolve($"{state}.example").Value);
        Repair();
    }

    [Theory]
    [InlineData("link-deleted", Inside + "ip link delete wg0")]
    [InlineData("link-down", Inside + "ip link set wg0 down")]
    [InlineData("peer-removed", Device + "for p in $(wg show $n peers); do wg set $n peer $p remove; done")]
    [InlineData("routes-flushed", Inside + "ip route flush table main")]
    [InlineData("addresses-flushed", Inside + "ip address flush dev wg0")]
    [InlineData("userspace-program-killed", "pkill -KILL -x wireguard-go")]
    public void Nothing_gets_out(string state, string change)
    {
        Change(state, change, expectTunnel: false);
        var status = _host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("the link wg0 ", status.Output, StringComparison.Ordinal);
        Repair();
    }

    [Theory]
    [InlineData("host-ruleset-flushed", "nft flush ruleset")]
    [InlineData("host-firewall-reloaded", "nft -f /etc/nftables.conf")]
    [InlineData("netns-name-deleted", "umount -l /run/netns/media && rm /run/netns/media")]
    public void Nothing_gets_out_but_through_the_tunnel(string state, string change)
    {
        Change(state, change, expectTunnel: null);
        Repair();
    }

    // A file that takes the place of the pinned one detaches the pin: lookups fail, and nobody else hears them (docs/known-issues.md).
    [Theory]
    [InlineData("resolver-file-replaced", "echo nameserver 203.0.113.53 > /etc/new && mv /etc/new /etc/resolv.conf")]
    [InlineData("resolver-file-made-a-link", "mkdir -p /run/elsewhere && echo nameserver 203.0.113.53 > /run/elsewhere/resolv.conf && ln -sfn /run/elsewhere/resolv.conf /etc/resolv.conf")]
    public void No_other_resolver_hears_of_a_name(string state, string change)
    {
        Change(state, change, expectTunnel: true);
        _ = _host.Laboratory.Ordinary.Resolve($"{state}-control.example");
        Assert.Contains(_host.Laboratory.World.OrdinaryResolver.Queries, q => q.Name == $"{state}-control.example");
        _ = _host.Laboratory.Downloader.Resolve($"{state}.example");
        Assert.DoesNotContain(_host.Laboratory.World.OrdinaryResolver.Queries, q => q.Name == $"{state}.example");
        _host.Shell("systemctl restart downloader").OrThrow();
        Assert.Equal($"{Addresses.PinnedAnswer}", _host.Laboratory.Downloader.Resolve($"{state}-again.example").Value);
    }

    // The namespace's own rules are gone: the pinning of DNS with them (docs/known-issues.md), and still no packet leaves but through the tunnel.
    [Fact]
    public void Without_the_ruleset_the_uplink_carries_the_tunnel_alone()
    {
        var host = _host.Laboratory.HostLinkAddress("HOST");
        var watch = UplinkWatch.Begin(_host.Laboratory);
        _host.Shell(Inside + "nft flush ruleset").OrThrow();
        var tries = Escapes.Try(_host.Laboratory.Downloader, [.. Escapes.Plain, .. Escapes.Besides, .. Escapes.OverHostLink(host, 22)]);
        Assert.DoesNotContain(tries, t => t.Reply.IsSilence);
        // What comes from the provider's address went through the tunnel, wherever it was meant to go, and ICMP may tell the provider what became of it.
        var stray = watch.End().Where(p => !Addresses.Provider.Equals(p.Source) && !(p.Kind is PacketKind.Icmp && Addresses.Provider.Equals(p.Destination))
            && !UplinkPolicy.IsTunnel(p) && !UplinkPolicy.IsUpkeep(p)).ToList();
        Assert.True(stray.Count == 0, string.Join('\n', stray));
        Assert.DoesNotContain(tries, t => t.Reply.Ok && t.Request.Address == $"{host}" && t.Request.Operation is not AgentOperation.Send);
        Assert.Equal(4, _host.Product("status").ExitCode);
        Repair();
    }

    // Null: the tunnel may work or not.
    private void Change(string state, string change, bool? expectTunnel)
    {
        Assert.Equal($"{Addresses.Provider}", _host.Laboratory.Downloader.Get(Addresses.Web).Value);
        var host = _host.Laboratory.HostLinkAddress("HOST");
        var watch = UplinkWatch.Begin(_host.Laboratory);
        _host.Shell(change).OrThrow();
        var plain = Escapes.Try(_host.Laboratory.Downloader, Escapes.Plain);
        var escapes = Escapes.Try(_host.Laboratory.Downloader, [.. Escapes.Besides, .. Escapes.OverHostLink(host, 22)]);
        var verdict = watch.EndWithTunnelOnly(state);
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
        Assert.DoesNotContain(escapes, t => t.Reply.IsSilence || (t.Reply.Ok && t.Request.Operation is not AgentOperation.Send));
        switch (expectTunnel)
        {
            case true:
                Assert.Equal($"{Addresses.Provider}", plain[0].Reply.Value);
                break;
            case false:
                Assert.DoesNotContain(plain, t => t.Reply.Ok && t.Request.Operation is not (AgentOperation.Send or AgentOperation.Ping));
                break;
            case null:
                Assert.True(!plain[0].Reply.Ok || plain[0].Reply.Value == $"{Addresses.Provider}", $"{plain[0].Reply}");
                break;
        }
    }

    private void Repair()
    {
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Provider}", _host.Laboratory.Downloader.Get(Addresses.Web).Value);
        Assert.Equal($"{Addresses.PinnedAnswer}", _host.Laboratory.Downloader.Resolve("repaired.example").Value);
        Assert.False(_host.Laboratory.Downloader.Query(Addresses.OtherResolver, "repaired.example").Ok);
        var status = _host.Product("status");
        Assert.True(status.ExitCode == 0, status.Output);
    }

    private string MainPid() => _host.Shell("systemctl show -p MainPID --value downloader").OrThrow().Output.Trim();
}
