using System.Globalization;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// Each command of a confined service is started by the program that looks from inside (S-27, docs/adr/0012): nothing runs without a look, nothing in the
/// service's environment reaches it, and a service starts, fails and comes back exactly as it does unconfined.
/// </summary>
[Trait("guarantees", "S-27")]
public sealed class InsideLookTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system/";
    private const string Last = Units + "standin.service.d/zzzzzz-last.conf";
    private const string GateUnit = "vpn-confinement-gate-media@standin.service.service";
    private const string Generator = "/etc/systemd/system-generators/vpn-confinement";
    private const string Later = "/etc/systemd/system-generators/later";
    private const string Dump = "/srv/dump";

    // What differs from one start to the next, or is the sandbox and not the start.
    private const string Dumper = """
        #!/bin/sh
        exec >/var/lib/standin/dump
        tr '\0' '\n' </proc/$$/cmdline
        env | grep -v -e '^INVOCATION_ID=' -e '^JOURNAL_STREAM=' -e '^SYSTEMD_EXEC_PID=' -e '^_=' -e '^MEMORY_PRESSURE' | sort
        grep -e '^Sig[BIC]' -e '^Umask' -e '^Groups' -e '^Uid' /proc/self/status
        ulimit -a
        cd /proc/$$/fd && echo *
        exec sleep 1000
        """;

    private readonly BadHostFixture _host;

    public InsideLookTests(BadHostFixture host) => _host = host;

    public void Dispose()
    {
        _host.Shell($"chmod a+x /usr/bin/vpn-confinement-gate; systemctl stop standin.socket standin 2>/dev/null; rm -rf {Units}standin.* /mnt/late /srv/silence.so; rm -f {Generator} {Later}; systemctl daemon-reload").OrThrow();
        _host.Write(Laboratory.ConfigFile, _host.Config);
        _host.Product("apply", "--allow-unconfine").OrThrow();
        _host.Reset();
    }

    // Another generator writes them once ours has ended, under a name that sorts behind.
    [Theory]
    [InlineData("ExecCondition=/bin/true")]
    [InlineData("ExecStartPre=/bin/true")]
    [InlineData("ExecStartPre=+/bin/true")]
    [InlineData("ExecStart=\nExecStart=/bin/sleep 1000")]
    [InlineData("ExecStart=\nExecStart=@/bin/sleep /usr/bin/vpn-confinement-gate 1000")]
    [InlineData("ExecStart=\nExecStart=/usr/bin/vpn-confinement-gate media standin.service -- /bin/sleep 1000")]
    [InlineData("ExecStartPost=-/bin/true")]
    [InlineData("ExecReload=/bin/true")]
    [InlineData("ExecStop=/bin/true")]
    [InlineData("ExecStopPost=/bin/true")]
    public void A_command_without_a_look_is_refused_from_outside(string setting)
    {
        Confine("ExecStart=/bin/sleep 1000");
        _host.Shell("systemctl start standin").OrThrow();
        _host.Write("/srv/setting", $"[Service]\n{setting}\n");
        _host.Write(Later, "#!/bin/sh\nsleep 1\nmkdir -p $3/standin.service.d\ncp /srv/setting $3/standin.service.d/~last.conf\n");
        _host.Shell($"chmod 755 {Later}; systemctl daemon-reload").OrThrow();
        Assert.Equal(4, _host.Product("status").ExitCode);
        Assert.False(_host.Shell("systemctl restart standin").Succeeded);
        Assert.Equal("inactive", _host.Laboratory.Machine.UnitState("standin.service"));
        Assert.Contains("without the start gate's look from inside", Journal(GateUnit), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"rm {Generator}")]
    [InlineData($"chmod a-x {Generator}")]
    [InlineData($"ln -sfn /dev/null {Generator}")]
    [InlineData($"printf '#!/bin/sh\\nexit 0\\n' > {Generator}")]
    [InlineData("chmod a-x /usr/bin/vpn-confinement-gate")]
    public void Without_the_generator_or_the_program_nothing_starts_and_apply_repairs(string damage)
    {
        Confine("ExecStart=/bin/sleep 1000");
        _host.Shell($"{damage}; systemctl daemon-reload").OrThrow();
        Assert.False(Starts());
        Assert.Empty(_host.Laboratory.Machine.ProcessesOf("standin.service"));
        _host.Shell($"chmod a+x /usr/bin/vpn-confinement-gate; rm -f {Generator}").OrThrow();

        // What failed before has failed still, until it is started again.
        _host.Product("apply", "--no-wait").OrThrow();
        _host.Shell("systemctl start standin").OrThrow();
    }

    // The environment is the service's own to write, and the program that looks has it too.
    [Theory]
    [InlineData("LD_PRELOAD")]
    [InlineData("LD_AUDIT")]
    public void What_the_service_has_loaded_into_its_programs_does_not_reach_the_look(string variable)
    {
        Silencer();
        _host.Shell("mkdir -p /run/dbus; [ -S /run/dbus/system_bus_socket ] || python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"/run/dbus/system_bus_socket\")'; ln -sfn /run/dbus /srv/bus").OrThrow();
        Confine($"EnvironmentFile=/etc/standin.env\nExecStart=/bin/sleep 1000", $"echo {variable}=/srv/silence.so > /etc/standin.env");
        _host.Shell("systemctl start standin; grep -q silence.so /proc/$(systemctl show -P MainPID standin)/maps; systemctl stop standin").OrThrow();
        _host.Write(Last, "[Service]\nBindPaths=/srv/bus:/run/dbus\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
        Assert.False(Starts());
        Assert.Contains("it sees /run/dbus", Journal("standin.service"), StringComparison.Ordinal);
    }

    // What systemd cannot spawn fails, and Restart= tries it again until the host is ready, confined or not (systemd.service(5)).
    [Theory]
    [InlineData("WorkingDirectory=/mnt/late\nExecStart=/bin/sleep 1000", "mkdir /mnt/late", "200")]
    [InlineData("BindPaths=/mnt/late:/downloads\nExecStart=/bin/sleep 1000", "mkdir /mnt/late", "226")]
    [InlineData("User=latecomer\nExecStart=/bin/sleep 1000", "useradd --system --no-create-home latecomer", "217")]
    [InlineData("EnvironmentFile=/mnt/late/env\nExecStart=/bin/sleep 1000", "mkdir /mnt/late; echo A=b > /mnt/late/env", "")]
    [InlineData("ExecStart=/mnt/late/program 1000", "mkdir /mnt/late; cp /bin/sleep /mnt/late/program", "203")]
    [InlineData("ExecStartPre=/bin/test -d /mnt/late\nExecStart=/bin/sleep 1000", "mkdir /mnt/late", "")]
    public void What_cannot_be_spawned_yet_fails_and_comes_back_as_it_does_unconfined(string settings, string cure, string status)
    {
        const string Restart = "\nRestart=on-failure\nRestartSec=200ms";
        Write(settings + Restart);
        var unconfined = ComesBack(cure, status);
        Confine(settings + Restart);
        Assert.Equal(unconfined, ComesBack(cure, status));
        Assert.Contains("/run/netns/media", _host.Shell("systemctl show -P NetworkNamespacePath standin").OrThrow().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec", "")]
    [InlineData("simple", "IgnoreSIGPIPE=no")]
    [InlineData("idle", "LimitNOFILE=512:1024\nNice=5")]
    public void The_service_is_started_with_what_its_unit_gives_it_and_no_more(string type, string settings)
    {
        var unit = $"""
            Type={type}
            StateDirectory=standin
            UMask=0027
            Environment="A=b c" "EMPTY=" LANG=C
            ExecStart=@{Dump} the-name one "two three" '' $A $$A %n
            {settings}
            """;
        _host.Write(Dump, Dumper);
        _host.Shell($"chmod +x {Dump}").OrThrow();
        Write(unit);
        var unconfined = Dumped();
        Confine(unit);
        Assert.Equal(unconfined, Dumped());
    }

    [Theory]
    [InlineData("forking", "ExecStart=/bin/sh -c 'sleep 1000 & echo $! > /run/standin/pid'\nRuntimeDirectory=standin\nPIDFile=/run/standin/pid")]
    [InlineData("notify", "ExecStart=/bin/sh -c 'systemd-notify --ready; exec sleep 1000'\nNotifyAccess=all")]
    [InlineData("oneshot", "RemainAfterExit=yes\nExecStart=/bin/true\nExecStart=-/bin/false\nExecStart=/bin/true ; /bin/true")]
    [InlineData("exec", "ExecStart=sleep 1000")]
    [InlineData("exec", "ExecSearchPath=/srv/programs\nExecStartPre=/bin/true\nExecStart=own 1000\nExecReload=/bin/kill -HUP $MAINPID")]
    [InlineData("exec", "ExecStart=:/bin/sh -c 'exec sleep 100${NOTHING}0'")]
    public void Every_type_of_service_starts_and_has_its_main_process(string type, string settings)
    {
        _host.Shell("mkdir -p /srv/programs; cp /bin/sleep /srv/programs/own").OrThrow();
        Confine($"Type={type}\n{settings}");
        _host.Shell("systemctl start standin || { journalctl -q -n 30 -o cat -u standin >&2; exit 1; }").OrThrow();
        Assert.Equal("active", _host.Laboratory.Machine.UnitState("standin.service"));
        var command = _host.Shell("tr '\\0' ' ' < /proc/$(systemctl show -P MainPID standin)/cmdline; true").Output;
        Assert.True(type == "oneshot" || command.Contains("sleep", StringComparison.Ordinal) || command.Contains("own", StringComparison.Ordinal), command);
    }

    // systemd 257 counts an ExecCondition= that it cannot set up for such a unit as passed; 252 cannot start the unit at all.
    [Fact]
    public void A_service_whose_standard_input_is_a_named_descriptor_is_looked_at()
    {
        _host.Write(Units + "standin.socket", "[Socket]\nListenFIFO=/run/standin.pipe\nFileDescriptorName=NAMED\n");
        _host.Shell("mkdir -p /run/dbus; [ -S /run/dbus/system_bus_socket ] || python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"/run/dbus/system_bus_socket\")'; ln -sfn /run/dbus /srv/bus").OrThrow();
        Confine("Type=exec\nStandardInput=fd:NAMED\nStandardOutput=journal\nSockets=standin.socket\nExecStart=/bin/sleep 1000");
        var starts = Starts();
        Assert.True(starts || Version() < 257, Journal("standin.service"));
        _host.Write(Last, "[Service]\nBindPaths=/srv/bus:/run/dbus\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
        _host.Shell("systemctl stop standin").OrThrow();
        Assert.False(Starts());
        Assert.Empty(_host.Laboratory.Machine.ProcessesOf("standin.service"));
        Assert.True(!starts || Journal("standin.service").Contains("it sees /run/dbus", StringComparison.Ordinal), Journal("standin.service"));
    }

    // The dependency on the gate outside is passed over, as an administrator may; the look from inside is not.
    [Fact]
    public void A_start_that_ignores_dependencies_is_looked_at_from_inside()
    {
        Confine("ExecStart=/bin/sleep 1000");
        _host.Write(Last, "[Service]\nNetworkNamespacePath=\n");
        _host.Shell("systemctl daemon-reload; systemctl start --job-mode=ignore-dependencies standin").OrThrow();
        Assert.False(_host.IsPastItsGate("standin.service"));
        Assert.Empty(_host.Laboratory.Machine.ProcessesOf("standin.service"));
        Assert.Contains("standin.service may not start", Journal("standin.service"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_an_instance_adds_is_kept_and_looked_at()
    {
        _host.Write(Units + "standin@.service", "[Service]\nType=exec\nExecStart=/bin/sleep 1000\n");
        _host.Shell($"mkdir -p {Units}standin@one.service.d; printf '[Service]\\nExecStartPre=/bin/sh -c \"exit 7\"\\n' > {Units}standin@one.service.d/own.conf").OrThrow();
        try
        {
            Apply("standin@");
            _host.Shell("systemctl start standin@two").OrThrow();
            Assert.False(_host.Shell("systemctl start standin@one").Succeeded);
            Assert.Equal("7", _host.Shell("systemctl show -P ExecMainStatus standin@one; systemctl show -p ExecStartPre standin@one").OrThrow().Output.Contains("status=7", StringComparison.Ordinal) ? "7" : "");
        }
        finally
        {
            _host.Shell($"systemctl stop 'standin@*'; rm -rf {Units}standin@*; systemctl reset-failed").OrThrow();
        }
    }

    // Its drop-in is gone, and with it the namespace of whatever systemd starts for it from then on.
    [Fact]
    public void What_a_running_service_would_stop_by_does_not_run_once_its_drop_in_is_deleted()
    {
        Confine("Type=exec\nStateDirectory=standin\nExecStart=/bin/sleep 1000\nExecStop=/bin/touch /var/lib/standin/ran-stop\nExecStopPost=/bin/touch /var/lib/standin/ran-stop-post");
        _host.Shell("systemctl stop vpn-confinement-watch@media; systemctl start standin; systemctl stop standin").OrThrow();
        Assert.Equal("ran-stop\nran-stop-post", _host.Shell("cd /var/lib/standin && ls ran-* && rm ran-*").OrThrow().Output.Trim());
        _host.Shell($"systemctl start standin; systemctl stop vpn-confinement-watch@media; rm {Units}standin.service.d/zzzz-vpn-confinement.conf; systemctl daemon-reload; systemctl stop standin").OrThrow();
        Assert.Equal("", _host.Shell("cd /var/lib/standin && ls ran-*; true").Output.Trim());
        Assert.Contains("standin.service may not start", Journal("standin.service"), StringComparison.Ordinal);
    }

    // A line end and an empty line are what systemctl prints them as.
    [Fact]
    public void A_command_with_an_empty_line_in_it_is_looked_at_as_any_other()
    {
        Confine("ExecStart=/bin/sh -c 'printf \"a\\n\\nb\"; exec sleep 1000'");
        Assert.True(Starts(), Journal("standin.service"));
        Assert.Equal(0, _host.Product("status").ExitCode);
    }

    [Fact]
    public void Where_all_but_the_start_is_privileged_a_service_starts()
    {
        Confine("PermissionsStartOnly=yes\nDynamicUser=yes\nExecStartPre=/bin/true\nExecStart=/bin/sleep 1000");
        Assert.True(Starts(), Journal("standin.service"));
    }

    // An update of the package brings another unit, and its scripts have systemd read it: nothing of it is lost, and nothing has to be applied.
    [Fact]
    public void What_an_update_of_the_unit_changes_counts_at_once()
    {
        Confine("ExecStart=/bin/sleep 1000");
        Write("ExecStartPre=/bin/true\nExecStart=/bin/sleep 1001");
        _host.Shell("systemctl start standin").OrThrow();
        Assert.Contains("1001", _host.Shell("tr '\\0' ' ' < /proc/$(systemctl show -P MainPID standin)/cmdline").OrThrow().Output, StringComparison.Ordinal);
        Assert.Equal(0, _host.Product("status").ExitCode);
    }

    private void Write(string settings)
    {
        _host.Shell($"mkdir -p {Units}standin.service.d").OrThrow();
        var type = settings.Contains("Type=", StringComparison.Ordinal) ? "" : "Type=exec\n";
        _host.Write(Units + "standin.service", $"[Unit]\nStartLimitIntervalSec=0\n[Service]\n{type}{settings}\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
    }

    private void Confine(string settings, string prepare = "true")
    {
        _host.Shell(prepare).OrThrow();
        Write(settings);
        Apply("standin");
    }

    private void Apply(string service)
    {
        _host.Write(Laboratory.ConfigFile, _host.Config + $"\n[services.\"{service}\".vpn]\nnamespace = \"media\"\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start downloader").OrThrow();
    }

    // Type=exec counts as started once the gate was executed: it is the state a moment later that tells.
    private bool Starts() =>
        _host.Shell("systemctl start standin").Succeeded && _host.IsPastItsGate("standin.service");

    // How systemd saw a failure, and that it runs once the host is ready.
    private string ComesBack(string cure, string status)
    {
        _host.Shell("rm -rf /mnt/late; userdel latecomer 2>/dev/null; systemctl start --no-block standin").OrThrow();

        // Between two tries, after the second: what systemd says of the failure then is of one that it tries again.
        var said = _host.Shell(
            "for i in $(seq 1200); do said=$(systemctl show -p SubState,NRestarts,Result,ExecMainStatus standin | sort | tr '\\n' ' '); "
            + "case $said in *NRestarts=0*) ;; *SubState=auto-restart*) echo $said | sed -e 's/NRestarts=[0-9]* //' -e 's/SubState=.*//'; exit 0 ;; esac; sleep 0.05; done; echo $said >&2; exit 1").OrThrow().Output;
        Assert.True(status.Length == 0 || said.Contains($"ExecMainStatus={status} ", StringComparison.Ordinal), said);
        _host.Shell($"{cure}; for i in $(seq 1200); do [ $(systemctl show -P SubState standin) = running ] && exit 0; sleep 0.05; done; exit 1").OrThrow();
        _host.Shell("systemctl stop standin; rm -rf /mnt/late; userdel latecomer 2>/dev/null; systemctl reset-failed standin 2>/dev/null; true").OrThrow();
        return said;
    }

    private string Dumped()
    {
        _host.Shell("rm -f /var/lib/standin/dump; systemctl start standin; for i in $(seq 600); do [ $(cat /proc/$(systemctl show -P MainPID standin)/comm) = sleep ] && exit; sleep 0.1; done; exit 1").OrThrow();
        var text = _host.Read("/var/lib/standin/dump");
        _host.Shell("systemctl stop standin").OrThrow();
        return text;
    }

    // Ends any program of ours that looks from inside, as if it had found nothing: seen by its name, so that the service itself runs.
    private void Silencer()
    {
        const string Source = """
            #include <string.h>
            #include <unistd.h>
            unsigned int la_version(unsigned int version) { return version; }
            __attribute__((constructor)) static void silence(void) {
                char name[256] = "";
                if (readlink("/proc/self/exe", name, sizeof name - 1) > 0 && strstr(name, "vpn-confinement")) _exit(0);
            }
            """;
        var folder = Directory.CreateTempSubdirectory("vpnc-silence-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "silence.c"), Source);
            Command.Run("gcc", "-shared", "-fPIC", "-o", Path.Combine(folder.FullName, "silence.so"), Path.Combine(folder.FullName, "silence.c")).OrThrow();
            File.Copy(Path.Combine(folder.FullName, "silence.so"), _host.Laboratory.Machine.Root + "/srv/silence.so", overwrite: true);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private int Version() =>
        int.Parse(_host.Shell("systemctl --version | sed -n '1s/systemd \\([0-9]*\\).*/\\1/p'").OrThrow().Output, NumberStyles.None | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    private string Journal(string unit) => _host.Shell($"journalctl --sync; sleep 0.3; journalctl -q --no-pager -o cat -u '{unit}'").OrThrow().Output;
}
