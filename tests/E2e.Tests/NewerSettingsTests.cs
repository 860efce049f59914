using System.Globalization;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// Settings that systemd 255 to 262 brought, in the unit of a confined service: what undoes the attachment never
/// starts, and the others leave it where it is (S-35). A systemd that does not know one holds the same unit as without.
/// </summary>
[Trait("guarantees", "S-35")]
public sealed class NewerSettingsTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const int Delegates = 258;
    private const int ReloadsPost = 259;
    private const string Units = "/etc/systemd/system/";
    private const string Own = Units + "downloader.service.d/";
    private const string Later = Own + "zzzzz-later.conf";
    private const string Gate = "vpn-confinement-gate-media@downloader.service.service";
    private const string Group = "/sys/fs/cgroup/system.slice/downloader.service";
    private const string Ran = "/var/lib/probe-downloader/";

    private readonly BadHostFixture _host;
    private readonly int _version;

    public NewerSettingsTests(BadHostFixture host)
    {
        _host = host;
        _version = int.Parse(Out("systemctl --version").Split(' ')[1], CultureInfo.InvariantCulture);
        host.Product("apply").OrThrow();
    }

    public void Dispose()
    {
        _host.Shell("systemctl stop standin bare people-manager app.socket 2>/dev/null");
        Out($"rm -rf {Later} {Units}standin.service {Units}bare.service {Units}app.* /etc/systemd/user/people.service");
        Out("rm -rf /root/.config; systemctl daemon-reload; systemctl reset-failed");
        _host.Write(Laboratory.ConfigFile, _host.Config);
        _host.Product("apply", "--allow-unconfine").OrThrow();
        _host.Reset();
    }

    [Theory]
    [InlineData("DelegateNamespaces=net")]
    [InlineData("DelegateNamespaces=yes")]
    [InlineData("DelegateNamespaces=~mnt")]
    [InlineData("DelegateNamespaces=mnt\nDelegateNamespaces=net")]
    [InlineData("DelegateNamespaces=net\nPrivateUsers=self\nSuccessExitStatus=1 255 SIGKILL SIGTERM SIGRTMAX")]
    [InlineData("DelegateNamespaces=yes\nExecCondition=\nRestart=always\nRestartMode=direct")]
    [InlineData("DelegateNamespaces=net\nStandardInput=null\nTasksMax=1")]
    public void Nothing_runs_of_a_unit_that_has_its_network_delegated(string settings)
    {
        if (_version < Delegates)
        {
            WriteLater(settings.Split('\n').Where(l => l.StartsWith("DelegateNamespaces", StringComparison.Ordinal)));
            _host.Shell("systemctl start downloader").OrThrow();
            var verified = Out("systemd-analyze verify downloader.service 2>&1; true");
            Assert.Contains("Unknown key", verified, StringComparison.Ordinal);
            Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
            return;
        }

        string[] keys = ["StartPre", "Stop", "StopPost"];
        WriteLater([settings, .. keys.Select(k => $"Exec{k}=/bin/touch {Ran}ran-{k}")]);
        var watch = UplinkWatch.Begin(_host.Laboratory);
        Assert.False(_host.Shell("systemctl start downloader").Succeeded);
        Assert.Empty(_host.Laboratory.Machine.ProcessesOf("downloader.service"));
        Assert.Equal("", _host.Shell($"ls -d {Ran}ran-* 2>/dev/null; true").Output.Trim());
        var verdict = watch.EndWithTunnelOnly(settings);
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
        var journal = Out($"journalctl --sync; journalctl -q -o cat -u {Gate}");
        Assert.Contains("DelegateNamespaces is '", journal, StringComparison.Ordinal);
        Assert.Equal(4, _host.Product("status").ExitCode);
        var applied = _host.Product("apply");
        Assert.Contains(applied.ExitCode, (int[])[1, 3]);
        Assert.Contains("DelegateNamespaces", applied.Output + applied.Error, StringComparison.Ordinal);
    }

    // The control: without a gate of ours, systemd itself lets such a unit out, its ExecStopPost= included.
    [Theory]
    [InlineData("DelegateNamespaces=net", true)]
    [InlineData("DelegateNamespaces=yes", true)]
    [InlineData("DelegateNamespaces=mnt", false)]
    [InlineData("DelegateNamespaces=net\nDelegateNamespaces=", false)]
    public void What_systemd_itself_does_with_it(string settings, bool letsOut)
    {
        _host.Shell("systemctl start downloader").OrThrow();
        const string Look = "/bin/sh -c 'readlink /proc/self/ns/net >>/srv/bare'";
        var unit = $"[Service]\nType=oneshot\nNetworkNamespacePath=/run/netns/media\n{settings}\n";
        _host.Write(Units + "bare.service", $"{unit}ExecStart={Look}\nExecStopPost={Look}\n");
        _host.Shell("rm -f /srv/bare; systemctl daemon-reload; systemctl start bare").OrThrow();
        var host = Out("readlink /proc/1/ns/net").Trim();
        var expected = letsOut && _version >= Delegates ? host : Inside();
        Assert.Equal([expected, expected], Out("cat /srv/bare").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_socket_with_its_network_delegated_runs_no_command()
    {
        _host.Write(Units + "app.socket", "[Socket]\nListenStream=9191\n");
        _host.Write(Units + "app.service", "[Service]\nDynamicUser=yes\nExecStart=/bin/sleep 1000\n");
        const string Tables = "\n[services.app.vpn]\nnamespace = \"media\"\n[sockets.app.vpn]\nnamespace = \"media\"\n";
        _host.Write(Laboratory.ConfigFile, _host.Config + Tables);
        _host.Shell("systemctl daemon-reload").OrThrow();
        _host.Product("apply").OrThrow();
        const string Command = "ExecStartPre=/bin/sh -c 'readlink /proc/self/ns/net >/srv/socket'";
        _host.Write(Units + "app.socket.d/zzzzz-later.conf", $"[Socket]\nDelegateNamespaces=net\n{Command}\n");
        _host.Shell("rm -f /srv/socket; systemctl daemon-reload").OrThrow();
        var started = _host.Shell("systemctl start app.socket");
        Assert.Equal(_version < Delegates, started.Succeeded);
        Assert.Equal(_version < Delegates, _host.Exists("/srv/socket"));
        if (_version < Delegates)
        {
            Assert.Equal(Inside(), _host.Read("/srv/socket").Trim());
        }
    }

    // Each alone, in a later drop-in that no check has seen: in its namespace with its resolver, or no start.
    [Theory]
    [InlineData("DelegateNamespaces=mnt")]
    [InlineData("DelegateNamespaces=pid cgroup ipc uts\nPrivatePIDs=yes")]
    [InlineData("PrivateUsers=full")]
    [InlineData("PrivateUsers=self")]
    [InlineData("PrivateUsers=managed")]
    [InlineData("PrivateUsers=identity")]
    [InlineData("PrivatePIDs=yes")]
    [InlineData("UserNamespacePath=/proc/1/ns/user")]
    [InlineData("RootMStack=/srv/none.mstack")]
    [InlineData("BindNetworkInterface=lo")]
    [InlineData("BindNetworkInterface=uplink")]
    [InlineData("ProtectControlGroups=private")]
    [InlineData("ProtectControlGroups=strict")]
    [InlineData("ProtectHostname=private:elsewhere")]
    [InlineData("PrivateTmp=disconnected")]
    [InlineData("PrivateBPF=yes\nBPFDelegateCommands=any\nBPFDelegateMaps=any\nBPFDelegatePrograms=any")]
    [InlineData("PrivateBPF=yes\nBPFDelegateCommands=any\nBPFDelegateAttachments=any")]
    [InlineData("LUOSession=kept")]
    [InlineData("RefreshOnReload=yes\nLoadCredential=x:/etc/hostname\nExecReload=/bin/true")]
    [InlineData("NFTSet=cgroup:inet:none:none")]
    [InlineData("ExtensionDirectories=/srv/extension")]
    [InlineData("MountImages=/srv/none.img:/run")]
    [InlineData("TemporaryFileSystem=/etc")]
    [InlineData("StandardInput=fd:none")]
    [InlineData("OpenFile=/etc/hostname")]
    [InlineData("ImportCredential=*\nDelegateSubgroup=sub\nDelegate=yes")]
    [InlineData("RestartMode=direct\nRestartRandomizedDelaySec=1")]
    [InlineData("MemoryTHP=always\nCPUSetPartition=member\nOOMRules=none\nCoredumpReceive=yes\nBindLogSockets=no")]
    [InlineData("StateDirectoryQuota=10%\nStateDirectoryAccounting=yes")]
    public void Each_newer_setting_leaves_the_service_in_its_namespace(string settings)
    {
        const string Extension = "/srv/extension/etc";
        Out($"mkdir -p {Extension}/extension-release.d; echo nameserver 203.0.113.53 >{Extension}/resolv.conf");
        Out($"echo ID=_any >{Extension}/extension-release.d/extension-release.extension");
        WriteLater([settings]);
        var watch = UplinkWatch.Begin(_host.Laboratory);
        _host.Shell("systemctl start downloader");
        _host.IsPastItsGate("downloader.service");
        var pids = Out($"find {Group} -name cgroup.procs -exec cat {{}} + 2>/dev/null; true")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (_host.Laboratory.Machine.UnitState("downloader.service") == "active")
        {
            Assert.NotEmpty(pids);
            var reply = _host.Laboratory.Downloader.Get(Addresses.Web);
            Assert.False(reply.IsSilence, reply.ToString());
            Assert.Contains(reply.Value, (string[])[$"{Addresses.Provider}", ""]);
            Assert.All(pids, pid => Assert.Equal(Inside(), Out($"readlink /proc/{pid}/ns/net").Trim()));
            Assert.All(pids, pid => Assert.Equal(
                $"nameserver {Addresses.PinnedResolver}",
                Out($"nsenter -t {pid} -m grep nameserver /etc/resolv.conf").Trim()));
        }
        else
        {
            Assert.Empty(pids);
        }

        var verdict = watch.EndWithTunnelOnly(settings);
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
    }

    [Fact]
    public void A_command_after_a_reload_with_full_privileges_is_named()
    {
        _host.Write(Units + "standin.service", "[Service]\nDynamicUser=yes\nExecStart=/bin/sleep 1000\n"
            + "ExecReload=/bin/true\nExecReloadPost=+/bin/sh -c 'grep CapEff /proc/self/status >/srv/reload'\n");
        _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.standin.vpn]\nnamespace = \"media\"\n");
        _host.Shell("rm -f /srv/reload; systemctl daemon-reload").OrThrow();
        var applied = _host.Product("apply").OrThrow();
        Assert.Contains(
            "VPC113: standin.service has ExecReloadPost=+ (systemd 259 and later), which runs with full privileges",
            applied.Output + applied.Error, StringComparison.Ordinal);
        _host.Shell("systemctl start standin").OrThrow();
        Assert.True(_host.IsPastItsGate("standin.service"));
        _host.Shell("systemctl reload standin; sleep 0.5").OrThrow();
        Assert.Equal(_version >= ReloadsPost, _host.Exists("/srv/reload"));
        if (_version >= ReloadsPost)
        {
            Assert.DoesNotContain("0000000000000000", _host.Read("/srv/reload"), StringComparison.Ordinal);
        }
    }

    // systemd before 258 finds no program of that name; from 258 on it is a shell's script, as it runs unconfined.
    [Fact]
    public void A_command_that_is_given_to_a_shell_is_refused()
    {
        _host.Write(Units + "standin.service", "[Service]\nDynamicUser=yes\nExecStart=|exec sleep 1000\n");
        _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.standin.vpn]\nnamespace = \"media\"\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
        _host.Shell("systemctl start standin");
        _host.IsPastItsGate("standin.service");
        var state = _host.Laboratory.Machine.UnitState("standin.service");
        Assert.Equal(_version >= Delegates ? "active" : "failed", state);
        var check = _host.Product("check");
        Assert.Equal(1, check.ExitCode);
        Assert.Contains(
            "VPC099: standin.service gives a command of ExecStart to a shell", check.Output + check.Error,
            StringComparison.Ordinal);
    }

    // A user's manager may not enter a namespace of root's: it goes on without, and reports success.
    [Theory]
    [InlineData("/etc/systemd/user/")]
    [InlineData("/root/.config/systemd/user/")]
    public void A_unit_of_a_users_systemd_is_refused_by_name(string folder)
    {
        _host.Shell("systemctl start downloader").OrThrow();
        _host.Shell($"mkdir -p {folder} /run/user/1 /srv/user; chown daemon /run/user/1 /srv/user").OrThrow();
        _host.Write(folder + "people.service", "[Service]\nType=oneshot\nNetworkNamespacePath=/run/netns/media\n"
            + "ExecStart=/bin/sh -c 'readlink /proc/self/ns/net >/srv/user/netns'\n");
        _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.people.vpn]\nnamespace = \"media\"\n");
        var check = _host.Product("check");
        Assert.Equal(1, check.ExitCode);
        Assert.Contains(
            "VPC088: people.service is a unit of the users' own systemd", check.Output + check.Error,
            StringComparison.Ordinal);

        if (folder.StartsWith("/etc", StringComparison.Ordinal))
        {
            const string As = "-p User=daemon -p Environment=XDG_RUNTIME_DIR=/run/user/1 -p Environment=HOME=/srv/user";
            const string Manager = "--unit=people-manager -p Delegate=yes -p Type=notify";
            Out($"systemd-run -q {Manager} {As} /usr/lib/systemd/systemd --user");
            _host.Shell($"systemd-run -q --wait {As} systemctl --user start people.service").OrThrow();
            Assert.Equal(_host.Shell("readlink /proc/1/ns/net").OrThrow().Output, _host.Read("/srv/user/netns"));
        }
    }

    private string Out(string line) => _host.Shell(line).OrThrow().Output;

    private string Inside() => Out("nsenter --net=/run/netns/media readlink /proc/self/ns/net").Trim();

    private void WriteLater(IEnumerable<string> lines)
    {
        _host.Shell($"mkdir -p {Own}").OrThrow();
        _host.Write(Later, "[Service]\n" + string.Join('\n', lines) + "\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
    }
}
