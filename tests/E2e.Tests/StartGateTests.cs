using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// Somebody undoes a part of a service's confinement before it starts: it does not start, and says why (S-27). What it would do if it did start is
/// seen first: unconfined, the same service is heard on the uplink.
/// </summary>
[Trait("guarantees", "S-27")]
public sealed partial class StartGateTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system/";
    private const string Own = Units + "downloader.service.d/";
    private const string Later = Own + "zzzzz-later.conf";
    private const string State = "/var/lib/vpn-confinement/";
    private const string Gate = "vpn-confinement-gate-media@downloader.service.service";

    private readonly BadHostFixture _host;

    public StartGateTests(BadHostFixture host)
    {
        _host = host;
        host.Shell("systemctl start ordinary").OrThrow();
        host.Product("apply").OrThrow();
        Unwatch();
    }

    public void Dispose()
    {
        _host.Shell($"systemctl stop downloader; systemctl stop holder 2>/dev/null; rm -rf /run/systemd/system/downloader.service.d {Units}joining.service {Later}; ip netns delete media 2>/dev/null; systemctl daemon-reload").OrThrow();
        if (!_host.Exists(State + "manifest.json") || _host.Read(State + "manifest.json").Length < 100)
        {
            _host.Shell($"rm -f {State}manifest.json").OrThrow();
        }

        // What failed of a namespace that was deleted under it is told by an 'apply' that waits.
        _host.Shell("systemctl reset-failed").OrThrow();
        _host.Product("apply", "--no-wait").OrThrow();
        _host.Reset();
    }

    [Theory]
    [InlineData(Own, "[Service]\nNetworkNamespacePath=\n", "NetworkNamespacePath is ''")]
    [InlineData("/run/systemd/system/downloader.service.d/", "[Service]\nNetworkNamespacePath=\n", "NetworkNamespacePath is ''")]
    [InlineData(Own, "[Service]\nNetworkNamespacePath=/proc/1/ns/net\n", "NetworkNamespacePath is '/proc/1/ns/net'")]
    [InlineData(Own, "[Service]\nTemporaryFileSystem=\n", "TemporaryFileSystem is ''")]
    [InlineData(Own, "[Service]\nBindReadOnlyPaths=\n", "BindReadOnlyPaths is ''")]
    [InlineData(Own, "[Service]\nBindPaths=/run/dbus\n", "BindPaths brings /run/dbus of the host back")]
    [InlineData(Own, "[Service]\nBindPaths=/var/run/nscd:/srv\n", "BindPaths brings /run/nscd of the host back")]
    [InlineData(Own, "[Service]\nBindPaths=/run:/run\n", "BindPaths brings /run of the host back")]
    [InlineData(Own, "[Service]\nBindReadOnlyPaths=/run/systemd\n", "BindReadOnlyPaths brings /run/systemd of the host back")]
    [InlineData(Own, "[Service]\nBindPaths=/bin/true:/usr/bin/vpn-confinement-gate\n", "BindPaths covers /usr/bin/vpn-confinement-gate")]
    [InlineData(Own, "[Service]\nPrivateNetwork=yes\n", "PrivateNetwork is 'yes'")]
    [InlineData(Own, "[Unit]\nJoinsNamespaceOf=ordinary.service\n", "JoinsNamespaceOf is 'ordinary.service'")]
    public void A_later_drop_in_that_undoes_the_attachment_is_refused_from_outside(string folder, string text, string reason)
    {
        WriteLater(folder, text);
        RefusesToStart(Gate, reason);
        Assert.Equal(4, _host.Product("status").ExitCode);
        var applied = _host.Product("apply");
        Assert.Contains(applied.ExitCode, (int[])[1, 3]);
        Assert.True(applied.Error.Contains("downloader.service", StringComparison.Ordinal), applied.Error);
    }

    // What every property of systemd's still says is right is seen from inside.
    [Theory]
    [InlineData("BindPaths=/srv/bus:/run/dbus", "it sees /run/dbus")]
    [InlineData("BindPaths=/srv/run:/run", "it sees /run/")]
    [InlineData("BindReadOnlyPaths=/srv/run/systemd:/run/systemd", "it sees /run/systemd/")]
    [InlineData("InaccessiblePaths=/etc", "cannot read /etc/resolv.conf")]
    [InlineData("BindPaths=/srv/bus:/run/dbus\nSuccessExitStatus=1 255 SIGKILL SIGTERM SIGABRT", "it sees /run/dbus")]
    public void What_a_later_drop_in_mounts_over_the_pinned_is_refused_from_inside(string setting, string reason)
    {
        LinkToTheBus();
        WriteLater(Own, $"[Service]\n{setting}\n");
        RefusesToStart("downloader.service", reason);
    }

    [Fact]
    public void A_socket_that_would_listen_on_the_host_is_refused()
    {
        const string Folder = Units + "app.socket.d";
        _host.Write(Units + "app.socket", "[Socket]\nListenStream=9191\n");
        _host.Write(Units + "app.service", "[Service]\nDynamicUser=yes\nExecStart=/bin/sleep 1000\n");
        _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.app.vpn]\nnamespace = \"media\"\n[sockets.app.vpn]\nnamespace = \"media\"\n");
        try
        {
            _host.Shell("systemctl daemon-reload").OrThrow();
            _host.Product("apply").OrThrow();
            _host.Write(Folder + "/zzzzz-later.conf", "[Socket]\nNetworkNamespacePath=\n");
            _host.Shell("systemctl daemon-reload").OrThrow();
            Assert.False(_host.Shell("systemctl start app.socket").Succeeded);
            Assert.Equal("", _host.Shell("ss -Hltn 'sport = 9191'").OrThrow().Output);
            Assert.Contains("NetworkNamespacePath is ''", Journal("vpn-confinement-gate-media@app.socket.service"), StringComparison.Ordinal);
            Assert.Equal(4, _host.Product("status").ExitCode);
        }
        finally
        {
            _host.Shell($"rm -rf {Folder}/zzzzz-later.conf; systemctl daemon-reload; systemctl stop app.socket app.service; systemctl reset-failed").OrThrow();
            _host.Write(Laboratory.ConfigFile, _host.Config);
            _host.Product("apply", "--allow-unconfine").OrThrow();
            _host.Shell($"rm -rf {Units}app.*; systemctl daemon-reload").OrThrow();
        }
    }

    [Fact]
    public void Properties_set_at_run_time_cannot_undo_it()
    {
        Assert.False(_host.Shell("systemctl set-property --runtime downloader.service NetworkNamespacePath=").Succeeded);
        _host.Shell("systemctl set-property --runtime downloader.service IPAccounting=yes").OrThrow();
        StartsConfined();
        _host.Shell("systemctl revert --runtime downloader.service 2>/dev/null; rm -rf /run/systemd/system.control; systemctl daemon-reload").OrThrow();
    }

    // Which of two mounts on one path counts is systemd's affair: here ours does.
    [Theory]
    [InlineData("BindReadOnlyPaths=/etc/hostname:/etc/nsswitch.conf")]
    [InlineData("TemporaryFileSystem=/etc")]
    [InlineData("BindPaths=/etc:/etc")]
    public void What_a_later_drop_in_mounts_under_the_pinned_undoes_nothing(string setting)
    {
        WriteLater(Own, $"[Service]\n{setting}\n");
        StartsConfined();
        Assert.Equal($"{Addresses.PinnedAnswer}", $"{_host.Laboratory.Downloader.ResolveInTime("under.example")}");
    }

    // The other unit is in another namespace, names ours as the one to join and is running first. systemd 257 takes that both ways, and would start ours in
    // the other's; 252 does not.
    [Theory]
    [InlineData("PrivateNetwork=yes")]
    [InlineData("NetworkNamespacePath=/proc/1/ns/net")]
    public void A_unit_that_joins_the_services_namespaces_does_not_pull_it_out(string place)
    {
        _host.Write(Units + "joining.service", $"[Unit]\nJoinsNamespaceOf=downloader.service\n[Service]\n{place}\nExecStart=/bin/sleep 1000\n");
        _host.Shell("systemctl daemon-reload; systemctl start joining").OrThrow();
        try
        {
            if (_host.Shell("systemctl show -P JoinsNamespaceOf downloader").OrThrow().Output.Trim().Length == 0)
            {
                StartsConfined();
            }
            else
            {
                RefusesToStart(Gate, "JoinsNamespaceOf is 'joining.service'");
            }
        }
        finally
        {
            _host.Shell($"systemctl stop joining; rm {Units}joining.service; systemctl daemon-reload").OrThrow();
        }
    }

    [Theory]
    [InlineData("echo '{' > " + State + "manifest.json", "manifest.json cannot be read")]
    [InlineData("echo x >> " + State + "namespaces/media/plan.json", "plan.json was changed since it was applied")]
    [InlineData("rm " + State + "namespaces/media/plan.json", "plan.json is missing")]
    [InlineData("echo '# x' >> " + State + "namespaces/media/ruleset.nft", "ruleset.nft was changed since it was applied")]
    [InlineData("echo 'nameserver 203.0.113.53' > " + State + "namespaces/media/resolv.conf", "resolv.conf was changed since it was applied")]
    [InlineData("echo '# x' >> " + Own + "zzzz-vpn-confinement.conf", "zzzz-vpn-confinement.conf was changed since it was applied")]
    public void What_was_applied_has_to_be_whole(string damage, string reason)
    {
        // The namespace is up already: its own unit does not look again.
        HoldUp();
        _host.Shell(damage).OrThrow();
        RefusesToStart(Gate, reason);
    }

    [Fact]
    public void A_flushed_ruleset_is_refused_and_the_next_apply_repairs_it()
    {
        HoldUp();
        _host.Shell("nsenter --net=/run/netns/media nft flush ruleset").OrThrow();
        RefusesToStart(Gate, "the ruleset of namespace media is not the one that was loaded");
        _host.Product("apply").OrThrow();
        StartsConfined();
    }

    [Fact]
    public void A_single_rule_is_enough_and_a_table_of_somebody_elses_is_none_of_ours()
    {
        HoldUp();
        _host.Shell("nsenter --net=/run/netns/media nft add table inet other").OrThrow();
        StartsConfined();
        _host.Shell("systemctl stop downloader; nsenter --net=/run/netns/media nft insert rule inet vpnc output accept").OrThrow();
        RefusesToStart(Gate, "the ruleset of namespace media is not the one that was loaded");
    }

    [Fact]
    public void Another_namespace_mounted_over_ours_is_refused()
    {
        HoldUp();
        _host.Shell("ip netns add other; mount --bind /run/netns/other /run/netns/media").OrThrow();
        RefusesToStart(Gate, "did not make");
        _host.Shell("umount /run/netns/media; ip netns delete other").OrThrow();
        StartsConfined();
    }

    [Fact]
    public void A_resolver_file_that_is_a_link_or_was_replaced_before_the_start_is_pinned_all_the_same()
    {
        var before = _host.Read("/etc/resolv.conf");
        _host.Shell("mkdir -p /run/elsewhere && echo nameserver 203.0.113.53 > /run/elsewhere/resolv.conf && ln -sfn /run/elsewhere/resolv.conf /etc/resolv.conf").OrThrow();
        try
        {
            if (Starts())
            {
                Assert.Equal($"{Addresses.PinnedAnswer}", $"{_host.Laboratory.Downloader.ResolveInTime("linked.example")}");
            }
            else
            {
                RefusesToStart("downloader.service", "the /etc/resolv.conf that it sees is not the pinned one");
            }
        }
        finally
        {
            _host.Shell("rm /etc/resolv.conf").OrThrow();
            _host.Write("/etc/resolv.conf", before);
        }
    }

    [Fact]
    public void A_restart_that_systemd_makes_by_itself_goes_through_the_gate()
    {
        WriteLater(Own, "[Service]\nRestart=always\nRestartSec=100ms\n");
        StartsConfined();
        var run = _host.Invocation("downloader.service");
        _host.Shell("systemctl kill --signal=KILL downloader").OrThrow();
        _host.WaitForAnotherRun("downloader.service", run);
        Assert.True(_host.IsPastItsGate("downloader.service"));
        WriteLater(Own, "[Service]\nRestart=always\nRestartSec=100ms\nNetworkNamespacePath=\n");
        var watch = UplinkWatch.Begin(_host.Laboratory);
        _host.KillAll("downloader.service");
        Thread.Sleep(1000);
        Assert.Empty(_host.Laboratory.Machine.ProcessesOf("downloader.service"));
        watch.RequireTunnelOnly("restarted by systemd");
    }

    [Theory]
    [InlineData($"rm {Own}zzzz-vpn-confinement.conf; systemctl daemon-reload")]
    [InlineData("systemctl revert downloader")]
    public void A_drop_in_of_ours_that_is_deleted_is_missed_by_the_gate(string change)
    {
        _host.Shell(change).OrThrow();
        Assert.False(_host.Exists(Own + "zzzz-vpn-confinement.conf"));
        RefusesToStart(Gate, "zzzz-vpn-confinement.conf is missing");
        var status = _host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("downloader.service is not confined as it was applied", status.Output, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        StartsConfined();
    }

    // Nobody is left to refuse: status says so at once (docs/known-issues.md).
    [Fact]
    public void Everything_of_ours_that_hangs_on_a_unit_deleted_starts_it_unconfined_and_status_says_so_at_once()
    {
        _host.Shell($"rm -r {Own}zzzz-vpn-confinement.conf {Units}downloader.service.requires; systemctl daemon-reload; systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Machine}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        var status = _host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("downloader.service is not confined as it was applied", status.Output, StringComparison.Ordinal);
        Assert.Contains("is outside its namespace", status.Output, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        _host.Shell("systemctl stop downloader").OrThrow();
        _host.Product("remove", "--allow-unconfine").OrThrow();
        Assert.False(_host.Exists(Units + "downloader.service.requires"));
        Assert.Equal("", _host.Shell($"ls {Units} | grep vpn-confinement; true").OrThrow().Output);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("ExecCondition=/bin/sh -c 'test \"a b\" = \"a b\"'\nExecStartPre=/bin/true", "")]
    [InlineData("DynamicUser=yes\nProtectHome=yes\nPrivateUsers=yes", "hardeningProfile = \"strict\"")]
    [InlineData("DynamicUser=yes\nTemporaryFileSystem=/usr/local /opt:ro\nNoExecPaths=/\nExecPaths=/usr /lib /lib64", "hardeningProfile = \"strict\"")]
    [InlineData("DynamicUser=yes\nTemporaryFileSystem=/usr/bin\nBindReadOnlyPaths=/usr/bin/sleep", "")]
    [InlineData("DynamicUser=yes\nTasksMax=8\nMemoryMax=64M\nProcSubset=pid", "")]
    [InlineData("PIDFile=/run/standin.pid", "")]
    public void Services_of_all_kinds_pass(string settings, string options)
    {
        _host.Write(Units + "standin.service", $"[Service]\nType=exec\nExecStart=/bin/sleep 1000\n{settings}\n");
        _host.Write(Laboratory.ConfigFile, _host.Config + $"\n[services.standin.vpn]\nnamespace = \"media\"\n{options}\n");
        try
        {
            _host.Shell("systemctl daemon-reload").OrThrow();
            _host.Product("apply").OrThrow();
            _host.Shell("systemctl start standin || { journalctl -q -n 30 -o cat -u standin -u 'vpn-confinement-gate*' >&2; exit 1; }").OrThrow();
            Assert.Equal(0, _host.Product("status").ExitCode);
            Assert.DoesNotContain("VPN_", _host.Shell("tr '\\0' '\\n' < /proc/$(systemctl show -P MainPID standin)/environ").OrThrow().Output, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            _host.Shell("systemctl stop standin; systemctl reset-failed").OrThrow();
            _host.Write(Laboratory.ConfigFile, _host.Config);
            _host.Product("apply", "--allow-unconfine").OrThrow();
            _host.Shell($"rm {Units}standin.service; systemctl daemon-reload").OrThrow();
        }
    }

    // Something that the program cannot do without is taken: no start, and a reason, never a skip that looks like success.
    [Theory]
    [InlineData("InaccessiblePaths=/proc")]
    [InlineData("SystemCallFilter=~mmap")]
    public void Where_it_cannot_look_from_inside_the_service_fails(string setting)
    {
        WriteLater(Own, $"[Service]\n{setting}\n");
        Assert.False(Starts());
        Assert.Equal("failed", _host.Laboratory.Machine.UnitState("downloader.service"));
        Assert.Empty(_host.Laboratory.Machine.ProcessesOf("downloader.service"));
    }

    // systemd cannot make the sandbox, or the program that looks has no room: the start fails as one of an unconfined service does.
    [Theory]
    [InlineData("InaccessiblePaths=/run/vpn-confinement", "Failed to set up mount namespacing")]
    [InlineData("LimitNPROC=1", "downloader.service: ")]
    public void Where_systemd_or_the_program_cannot_get_that_far_the_start_fails(string setting, string reason)
    {
        WriteLater(Own, $"[Service]\n{setting}\n");
        var watch = UplinkWatch.Begin(_host.Laboratory);
        Assert.False(Starts());
        Assert.Equal("failed", _host.Laboratory.Machine.UnitState("downloader.service"));
        Assert.Empty(_host.Laboratory.Machine.ProcessesOf("downloader.service"));
        watch.RequireTunnelOnly("failed");
        Assert.Contains(reason, Journal("downloader.service"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_instance_of_a_template_has_a_gate_of_its_own()
    {
        const string Folder = Units + "tpl@one.service.d";
        _host.Write(Units + "tpl@.service", "[Service]\nType=exec\nDynamicUser=yes\nExecStart=/bin/sleep 60\n");
        _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.\"tpl@\".vpn]\nnamespace = \"media\"\n");
        try
        {
            _host.Shell("systemctl daemon-reload").OrThrow();
            _host.Product("apply").OrThrow();
            _host.Shell($"systemctl start tpl@one; mkdir {Folder}; printf '[Service]\\nNetworkNamespacePath=\\n' > {Folder}/zzzzz.conf; systemctl daemon-reload").OrThrow();
            Assert.Equal(4, _host.Product("status").ExitCode);
            Assert.False(_host.Shell("systemctl restart tpl@one").Succeeded);
            Assert.Contains("NetworkNamespacePath is ''", Journal("vpn-confinement-gate-media@tpl@one.service.service"), StringComparison.Ordinal);
            _host.Shell("systemctl start tpl@two").OrThrow();
        }
        finally
        {
            _host.Shell($"systemctl stop 'tpl@*'; rm -rf {Folder} {Units}tpl@.service; systemctl reset-failed").OrThrow();
            _host.Write(Laboratory.ConfigFile, _host.Config);
            _host.Product("apply", "--allow-unconfine").OrThrow();
        }
    }

    private void WriteLater(string folder, string text)
    {
        _host.Shell($"mkdir -p {folder}").OrThrow();
        _host.Write(folder + "zzzzz-later.conf", text);
        _host.Shell("systemctl daemon-reload").OrThrow();
    }

    // By a link, so that nothing that systemd shows says where it leads.
    private void LinkToTheBus() => _host.Shell(
        "mkdir -p /run/dbus; [ -S /run/dbus/system_bus_socket ] || python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"/run/dbus/system_bus_socket\")'; ln -sfn /run/dbus /srv/bus; ln -sfn /run /srv/run").OrThrow();

    // Whatever repairs by itself what the tests damage.
    private void Unwatch() => _host.Shell("systemctl stop vpn-confinement-watch@media.service 2>/dev/null || true").OrThrow();

    // Something else needs the namespace, so it stays up without the service.
    private void HoldUp()
    {
        _host.Shell("systemctl start downloader; systemd-run --quiet --unit=holder --property=Requires='vpn-confinement-netns@media.service wireguard-wg0.service' sleep 600; systemctl stop downloader").OrThrow();
        Unwatch();
    }

    private void StartsConfined()
    {
        _host.Shell($"systemctl start downloader || {{ journalctl -q -n 30 -o cat -u downloader -u '{Gate}' >&2; exit 1; }}").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
    }

    // Type=exec counts as started once the gate was executed: it is the state a moment later that tells.
    private bool Starts() =>
        _host.Shell("systemctl start downloader").Succeeded && _host.IsPastItsGate("downloader.service");

    private void RefusesToStart(string journal, string reason)
    {
        var since = _host.Now();
        var watch = UplinkWatch.Begin(_host.Laboratory);
        Assert.False(Starts());
        Assert.Empty(_host.Laboratory.Machine.ProcessesOf("downloader.service"));
        watch.RequireTunnelOnly(reason);

        // systemd tells of the unit's end before the journal has read what the unit said.
        foreach (var unit in (string[])[journal, "downloader.service"])
        {
            Eventually.See(unit, () => Journal(unit, since), said => said.Contains(reason, StringComparison.Ordinal));
        }
    }

    private string Journal(string unit, string since = "today") => _host.Shell($"journalctl --sync; journalctl -q --since='{since}' --no-pager -o cat -u '{unit}'").OrThrow().Output;
}
