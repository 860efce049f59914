using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>A socket unit that is confined with the service that it starts: it listens in the namespace, and comes and goes with it.</summary>
public sealed class SocketTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system";
    private const string Say = "timeout 30 bash -c 'exec 3<>/dev/tcp/127.0.0.1/9191; head -c 5 <&3'";
    private const string SayInside = "nsenter --net=/run/netns/media -- " + Say;

    private readonly BadHostFixture _host;

    public SocketTests(BadHostFixture host)
    {
        _host = host;

        // The service that is started by its socket hands each caller on to the downloader, which says hello.
        host.Write(Units + "/app.socket", "[Socket]\nListenStream=9191\n[Install]\nWantedBy=sockets.target\n");
        host.Write(Units + "/app.service", "[Service]\nDynamicUser=yes\nExecStart=/usr/lib/systemd/systemd-socket-proxyd 127.0.0.1:9091\n");
        host.Shell("systemctl daemon-reload; systemctl start app.socket downloader").OrThrow();
        host.Laboratory.Downloader.Listen(9091);
        Assert.Equal("hello", host.Shell(Say).OrThrow().Output);
        host.Write(Laboratory.ConfigFile, host.Config + "\n[services.app.vpn]\nnamespace = \"media\"\n[sockets.app.vpn]\nnamespace = \"media\"\n");
    }

    public void Dispose()
    {
        _host.Reset();
        _host.Shell($"systemctl disable --now app.socket app.service; rm -rf {Units}/app.* {Units}/app-each*; systemctl daemon-reload; systemctl reset-failed").OrThrow();
    }

    [Fact]
    public void A_socket_that_listened_on_the_host_listens_in_the_namespace_and_serves_there()
    {
        Apply();
        Assert.Equal("active", State("app.socket"));
        Assert.Equal("hello", _host.Shell(SayInside).OrThrow().Output);
        Assert.NotEqual(0, _host.Shell(Say).ExitCode);
        Assert.Equal("active", State("app.service"));
        var status = _host.Product("status", "--json").OrThrow().Output;
        Assert.Contains("app.socket", status, StringComparison.Ordinal);
        Assert.Contains("[::]:9191 (Stream)", status, StringComparison.Ordinal);
        Assert.Contains("nothing to do", _host.Product("apply").OrThrow().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_goes_and_comes_back_with_the_tunnel()
    {
        Apply();
        _host.Shell(SayInside).OrThrow();
        _host.Shell($"systemctl stop {Laboratory.TunnelUnit}").OrThrow();
        _host.Laboratory.Machine.RequireUnit("app.socket", "inactive");
        _host.Laboratory.Machine.RequireUnit("app.service", "inactive");
        _host.Shell($"systemctl start {Laboratory.TunnelUnit}").OrThrow();
        _host.Laboratory.Machine.RequireUnit("app.socket", "active");
        _host.Laboratory.Machine.RequireUnit("downloader.service", "active");
        _host.Laboratory.Downloader.Listen(9091);
        Assert.Equal("hello", _host.Shell(SayInside).OrThrow().Output);
        _host.WaitForStatus();
    }

    [Fact]
    public void It_outlives_the_tunnel_with_its_service()
    {
        _host.Write(Laboratory.ConfigFile, _host.Read(Laboratory.ConfigFile).Replace("[services.app.vpn]", "[services.app.vpn]\nonTunnelLoss = \"blackhole\"", StringComparison.Ordinal));
        Apply();
        _host.Shell(SayInside).OrThrow();
        _host.Shell($"systemctl stop {Laboratory.TunnelUnit}").OrThrow();
        _host.Laboratory.Machine.RequireUnit("downloader.service", "inactive");
        Assert.Equal("active", State("app.socket"));
        Assert.Equal("active", State("app.service"));
        _host.Shell($"systemctl start {Laboratory.TunnelUnit}").OrThrow();
        _host.Laboratory.Machine.RequireUnit("downloader.service", "active");
        _host.WaitForStatus();
    }

    [Fact]
    [Trait("damage", "sockets: altered")]
    public void A_socket_that_really_listens_on_the_host_is_seen_whatever_systemd_says()
    {
        Apply();
        ListenOnHost();
        Assert.Equal(4, _host.Product("status").ExitCode);

        // 'apply' refuses a file that undoes the confinement, and leaves nothing that listens outside.
        Assert.Equal(3, _host.Product("apply").ExitCode);
        Assert.Equal("inactive", State("app.socket"));

        ListenOnHost();
        _host.Shell($"rm {Units}/app.socket.d/zzzzz.conf; systemctl daemon-reload").OrThrow();
        _host.RequireNamed("app.socket does not listen at [::]:9191 (Stream) in its namespace");
        _host.Product("apply").OrThrow();
        Assert.Equal(0, _host.Product("plan").ExitCode);
        Assert.Equal(0, _host.Product("status").ExitCode);

        // Without its start gate, which would refuse.
        void ListenOnHost()
        {
            var gate = $"{Units}/vpn-confinement-gate-media@app.socket.service";
            _host.Write($"{Units}/app.socket.d/zzzzz.conf", "[Socket]\nNetworkNamespacePath=\n");
            _host.Write(gate, "[Service]\nType=oneshot\nExecStart=/bin/true\n");
            _host.Shell(
                "systemctl daemon-reload; systemctl stop app.socket app.service; "
                + $"systemctl start app.socket && rm {gate} && systemctl daemon-reload").OrThrow();
        }
    }

    [Fact]
    public void A_connection_that_a_socket_took_ends_and_nobody_tries_to_start_it_again()
    {
        _host.Write(Units + "/app-each.socket", "[Socket]\nListenStream=9292\nAccept=yes\n");
        _host.Write(Units + "/app-each@.service", "[Service]\nDynamicUser=yes\nStandardInput=socket\nExecStart=/bin/cat\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
        _host.Write(Laboratory.ConfigFile, _host.Read(Laboratory.ConfigFile) + "[services.\"app-each@\".vpn]\nnamespace = \"media\"\n[sockets.app-each.vpn]\nnamespace = \"media\"\n");
        Apply();
        _host.Shell("systemctl start app-each.socket").OrThrow();
        Connect();
        _host.Write(Laboratory.ConfigFile, _host.Read(Laboratory.ConfigFile).Replace("[9091]", "[9095]", StringComparison.Ordinal));
        Apply();
        Assert.Equal("active", State("app-each.socket"));
        Connect();
        _host.Shell($"systemctl stop {Laboratory.TunnelUnit}; systemctl start {Laboratory.TunnelUnit}").OrThrow();
        _host.Laboratory.Machine.RequireUnit("app-each.socket", "active");
        _host.WaitForStatus();
        _host.Shell("systemctl stop app-each.socket 'app-each@*'").OrThrow();
    }

    [Fact]
    public void A_boot_brings_it_up_without_a_circle()
    {
        _host.Shell("systemctl enable app.socket").OrThrow();
        Apply();
        _host.Shell($"systemctl stop app.socket app.service downloader {Laboratory.TunnelUnit}; journalctl --rotate -q --vacuum-time=1s").OrThrow();
        _host.Shell("systemctl start sockets.target").OrThrow();
        _host.Laboratory.Machine.RequireUnit("app.socket", "active");
        Assert.DoesNotContain("ordering cycle", _host.Shell("systemd-analyze verify app.socket sockets.target basic.target; journalctl -q --no-pager -o cat -n 200").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Removed_it_is_stopped_and_free()
    {
        Apply();
        _host.Product("remove", "--allow-unconfine").OrThrow();
        Assert.Equal("inactive", State("app.socket"));
        Assert.False(_host.Exists($"{Units}/app.socket.d"));
        _host.Shell("systemctl start app.socket; ss -Hltn 'sport = :9191' | grep -q 9191").OrThrow();
    }

    private void Connect()
    {
        const string Call = "bash -c 'exec 3<>/dev/tcp/127.0.0.1/9292; sleep 120'";
        _host.Shell($"nsenter --net=/run/netns/media -- {Call} < /dev/null > /dev/null 2>&1 &").OrThrow();
        Eventually.See(
            "a connection is served",
            () => _host.Shell("systemctl list-units --plain --no-legend 'app-each@*'").OrThrow().Output,
            units => units.Contains("running", StringComparison.Ordinal),
            () => _host.Laboratory.Machine.Told("app-each.socket"));
    }

    // The downloader is restarted with its namespace, and listens only when it is told to.
    private void Apply()
    {
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start downloader").OrThrow();
        _host.Laboratory.Downloader.Listen(9091);
    }

    private string State(string unit) => _host.Laboratory.Machine.UnitState(unit);
}
