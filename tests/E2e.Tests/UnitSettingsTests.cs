using System.Globalization;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>What services' own units need and a drop-in must not take: PID files, runtime folders, capabilities, sockets. On a real systemd.</summary>
public sealed class UnitSettingsTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system/";

    public void Dispose()
    {
        host.Shell("systemctl disable --now standin.socket 2>/dev/null; systemctl stop standin.service standin.socket 2>/dev/null; systemctl reset-failed; true");
        host.Reset();
        host.Shell($"rm -f {Units}standin.*; systemctl daemon-reload").OrThrow();
    }

    [Fact]
    public void A_daemon_that_forks_and_writes_its_PIDFile_in_run_starts_and_reloads()
    {
        Confine("""
            [Service]
            Type=forking
            PIDFile=/run/standin.pid
            ExecStart=/bin/sh -c 'sleep 1000 </dev/null >/dev/null 2>&1 & sleep 1001 </dev/null >/dev/null 2>&1 & echo $! >/run/standin.pid'
            ExecReload=/bin/sh -c 'test "$(cat /run/standin.pid)" = "$MAINPID"'
            ExecStop=/bin/sh -c 'kill "$(cat /run/standin.pid)"'
            """);
        Start();
        host.Shell("systemctl reload standin").OrThrow();
        Assert.Contains("sleep\01001", host.Read($"/proc/{MainPid()}/cmdline"), StringComparison.Ordinal);
        Assert.False(host.Exists("/run/standin.pid"));

        // What else is in the host's /run stays hidden.
        Assert.False(host.Shell($"nsenter -m -t {MainPid()} test -e /run/dbus -o -e /run/systemd/resolve -o -e /run/systemd/private").Succeeded);
        host.Shell("systemctl stop standin").OrThrow();
        Assert.Equal("inactive", host.Laboratory.Machine.UnitState("standin.service"));
    }

    [Fact]
    public void Runtime_folders_with_subfolders_and_links_are_there_and_are_the_hosts()
    {
        Confine("""
            [Service]
            DynamicUser=yes
            RuntimeDirectory=standin standin/sub:standin-link
            ExecStart=/bin/sh -c 'echo a >/run/standin/a && echo b >/run/standin-link/b && exec sleep 1000'
            """);
        Start();
        host.Shell("for i in $(seq 600); do test -s /run/standin/sub/b && break; sleep 0.1; done; test -s /run/standin/a && test -s /run/standin/sub/b || { journalctl -q -n 20 -u standin >&2; ls -lR /run/standin* >&2; exit 1; }").OrThrow();
        Assert.Equal("active", host.Laboratory.Machine.UnitState("standin.service"));
    }

    [Theory]
    [InlineData("AmbientCapabilities=CAP_NET_BIND_SERVICE", "")]
    [InlineData("", "capabilities = [\"CAP_NET_BIND_SERVICE\"]")]
    [InlineData("CapabilityBoundingSet=CAP_CHOWN", "capabilities = [\"CAP_NET_BIND_SERVICE\"]")]
    [InlineData("CapabilityBoundingSet=CAP_NET_BIND_SERVICE\nAmbientCapabilities=CAP_NET_BIND_SERVICE", "")]
    public void Capabilities_that_are_asked_for_are_ambient(string unit, string option)
    {
        Confine($"[Service]\nDynamicUser=yes\nExecStart=/bin/sleep 1000\n{unit}\n", option);
        Start();
        Assert.True(host.IsPastItsGate("standin.service"));
        var ambient = host.Shell($"sed -n 's/^CapAmb:\\s*//p' /proc/{MainPid()}/status").OrThrow().Output.Trim();
        Assert.Equal(1UL << 10, ulong.Parse(ambient, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_socket_listens_in_the_namespace_and_makes_no_circle_at_boot()
    {
        host.Write(Units + "standin.socket", "[Socket]\nListenStream=127.0.0.1:8099\n[Install]\nWantedBy=sockets.target\n");
        Confine("[Service]\nDynamicUser=yes\nExecStart=/bin/sleep 1000\n", "[sockets.standin.vpn]\nnamespace = \"media\"");
        host.Shell("systemctl enable standin.socket && systemctl start standin.socket").OrThrow();
        Assert.Contains(":8099", host.Shell("nsenter --net=/run/netns/media ss -Hltn").OrThrow().Output, StringComparison.Ordinal);
        Assert.DoesNotContain(":8099", host.Shell("ss -Hltn").OrThrow().Output, StringComparison.Ordinal);
        Assert.DoesNotContain("cycle", host.Shell("systemd-analyze verify default.target 2>&1; true").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_of_the_vendor_that_ours_would_hide_is_refused()
    {
        host.Shell("mkdir -p /usr/local/lib/systemd/system && printf '[Service]\\nExecStart=/bin/true\\n' >/usr/local/lib/systemd/system/wireguard-wg0.service").OrThrow();
        var result = host.Product("apply");
        host.Shell("rm -r /usr/local/lib/systemd").OrThrow();
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("/usr/local/lib/systemd/system/wireguard-wg0.service", result.Error, StringComparison.Ordinal);
        Assert.False(host.Exists("/var/lib/vpn-confinement/manifest.json"));
    }

    private void Confine(string unit, string option = "")
    {
        host.Write(Units + "standin.service", unit + "\n");
        host.Write(Laboratory.ConfigFile, host.Config + $"\n[services.standin.vpn]\nnamespace = \"media\"\n{option}\n");
        host.Shell("systemctl daemon-reload").OrThrow();
        host.Product("apply").OrThrow();
    }

    private void Start() => host.Shell("systemctl start standin || { journalctl -q -n 20 -u standin >&2; exit 1; }").OrThrow();

    private string MainPid() => host.Shell("systemctl show -P MainPID standin").OrThrow().Output.Trim();
}
