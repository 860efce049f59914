using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// A service that ran unconfined is confined. What it has from before is a way out: seen on the wire first, with the service in a namespace, so that
/// the answer to it is known to be one.
/// </summary>
[Trait("guarantees", "S-28")]
public sealed class BecomingConfinedTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system/";
    private const string ByHand = Units + "app.service.d/by-hand.conf";
    private const int EscapePort = 47003;
    private static readonly TimeSpan Patience = LabHost.Patience(60);

    // The service tries ten times a second.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly BadHostFixture _host;

    public BecomingConfinedTests(BadHostFixture host)
    {
        _host = host;
        host.Shell("systemctl start ordinary; ip netns add by-hand").OrThrow();
    }

    public void Dispose()
    {
        _host.Shell("systemctl stop app.service helper.service; systemctl kill --kill-who=all --signal=KILL app.service; true").OrThrow();
        _host.Reset();
        _host.Shell($"ip netns delete by-hand; rm -rf /etc/app*.py {Units}app.service* {Units}helper.service; systemctl daemon-reload; systemctl reset-failed").OrThrow();
    }

    [Fact]
    public void A_socket_of_the_host_comes_back_out_of_the_descriptor_store_and_apply_closes_the_store()
    {
        _host.Write("/etc/app.py", $$"""
            import os, socket, time
            kept = socket.socket(fileno=3) if os.environ.get("LISTEN_FDS") else socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            if "LISTEN_FDS" not in os.environ:
                notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                notify.connect(os.environ["NOTIFY_SOCKET"])
                socket.send_fds(notify, [b"FDSTORE=1"], [kept.fileno()])
            {{SendForEver("kept")}}
            """);
        Install("Type=exec\nDynamicUser=yes\nFileDescriptorStoreMax=4\nNotifyAccess=main\nExecStart=/usr/bin/python3 /etc/app.py\n");
        Assert.True(EscapeIsSeen());

        ConfineByHand();
        Assert.True(EscapeIsSeen(), "the descriptor store is no way out here, so nothing below proves anything");

        // With the host's socket in the store once more, and running.
        _host.Shell($"rm {ByHand}; systemctl daemon-reload; systemctl restart app").OrThrow();
        Assert.Equal("1", Property("NFileDescriptorStore"));
        Configure();
        Assert.Contains("VPC113", _host.Product("check").Error, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        SendsThroughTheTunnelAlone();

        // From now on what it keeps is the namespace's.
        _host.Shell("systemctl restart app").OrThrow();
        SendsThroughTheTunnelAlone();
    }

    [Fact]
    public void A_stop_and_a_separate_start_close_the_store_and_a_restart_does_not()
    {
        _host.Write("/etc/app.py", """
            import os, socket, time
            if "LISTEN_FDS" not in os.environ:
                kept = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                notify.connect(os.environ["NOTIFY_SOCKET"])
                socket.send_fds(notify, [b"FDSTORE=1"], [kept.fileno()])
                notify.send(b"READY=1")
                time.sleep(1000)
            notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            notify.connect(os.environ["NOTIFY_SOCKET"])
            notify.send(b"READY=1\nSTATUS=got one")
            time.sleep(1000)
            """);
        Install("Type=notify\nDynamicUser=yes\nFileDescriptorStoreMax=4\nExecStart=/usr/bin/python3 /etc/app.py\n");
        _host.Shell("systemctl restart app").OrThrow();
        Assert.Equal("got one", Property("StatusText"));
        _host.Shell("systemctl stop app").OrThrow();
        Assert.Equal("0", Property("NFileDescriptorStore"));
        _host.Shell("systemctl start app").OrThrow();
        Assert.Equal("", Property("StatusText"));
    }

    [Theory]
    [InlineData("process")]
    [InlineData("none")]
    public void A_child_from_before_goes_on_sending_and_the_service_is_not_started_beside_it(string killMode)
    {
        _host.Write("/etc/app.py", $"import socket, time\nkept = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n{SendForEver("kept")}\n");
        Install($"Type=exec\nDynamicUser=yes\nKillMode={killMode}\nTimeoutStopSec=2\nExecStart=/bin/sh -c '[ -e /etc/by-hand ] || python3 /etc/app.py & exec sleep 1000'\n");
        Assert.True(EscapeIsSeen());
        _host.Shell("touch /etc/by-hand").OrThrow();
        try
        {
            ConfineByHand();
            Assert.True(EscapeIsSeen(), "no child survives here, so nothing below proves anything");

            _host.Shell($"rm {ByHand}; systemctl daemon-reload").OrThrow();
            Configure();
            Assert.Contains("VPC113", _host.Product("check").Error, StringComparison.Ordinal);
            var applied = _host.Product("apply");
            Assert.Equal(3, applied.ExitCode);
            Assert.Contains("still running on the host's network", applied.Error, StringComparison.Ordinal);
            Assert.NotEqual("active", _host.Laboratory.Machine.UnitState("app.service"));

            // Nor by hand: what 'apply' left unfinished holds the gate shut.
            GateRefuses("is under way, or was cut short");
            _host.KillAll("app.service");
            _host.Shell("rm /etc/by-hand").OrThrow();
            _host.Product("apply").OrThrow();
            _host.Shell("systemctl start app").OrThrow();
            SendsThroughTheTunnelAlone();
        }
        finally
        {
            _host.Shell("rm -f /etc/by-hand").OrThrow();
        }
    }

    // Nothing of the service is up when it becomes confined, so 'apply' has nothing to stop; the gate finds the child at the first start.
    [Fact]
    public void A_child_of_a_service_that_was_stopped_before_keeps_it_down()
    {
        _host.Write("/etc/app.py", $"import socket, time\nkept = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n{SendForEver("kept")}\n");
        Install("Type=exec\nDynamicUser=yes\nKillMode=process\nExecStart=/bin/sh -c 'python3 /etc/app.py & exec sleep 1000'\n");
        Assert.True(EscapeIsSeen(), "the child does not send");
        _host.Shell("systemctl stop app").OrThrow();
        Assert.True(EscapeIsSeen(), "no child survives here, so nothing below proves anything");
        Configure();
        ApplyBesideWhatIsLeft();
        GateRefuses("still running on the host's network");
        // As the gate says to do it. Without the reload systemd 262 keeps the control group that it killed as a whole, and
        // the kernel kills the next start in it.
        _host.Shell("systemctl kill --signal=KILL app.service; systemctl daemon-reload; systemctl start app").OrThrow();
        SendsThroughTheTunnelAlone();
    }

    // As ProtectControlGroups=strict does it from systemd 257 on, in a drop-in for all services (service.d).
    [Fact]
    public void A_gate_that_is_kept_from_seeing_what_is_left_refuses()
    {
        const string Folder = "/etc/systemd/system/vpn-confinement-gate-media@.service.d";
        const string Blind = $"{Folder}/blind.conf";
        const string Socket = "import socket, time\nkept = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n";
        _host.Write("/etc/app.py", $"{Socket}{SendForEver("kept")}\n");
        Install(
            "Type=exec\nDynamicUser=yes\nKillMode=process\n"
            + "ExecStart=/bin/sh -c 'python3 /etc/app.py & exec sleep 1000'\n");
        Assert.True(EscapeIsSeen(), "the child does not send");
        _host.Shell("systemctl stop app").OrThrow();
        Assert.True(EscapeIsSeen(), "no child survives here, so nothing below proves anything");
        Configure();
        ApplyBesideWhatIsLeft();
        _host.Shell($"mkdir {Folder}").OrThrow();
        _host.Write(Blind, "[Service]\nTemporaryFileSystem=/sys/fs/cgroup\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
        try
        {
            GateRefuses("control groups cannot be seen");
        }
        finally
        {
            _host.Shell($"rm -r {Folder}; systemctl kill --signal=KILL app; systemctl daemon-reload").OrThrow();
        }
    }

    [Fact]
    public void A_command_with_full_privileges_leaves_the_namespace_and_is_named_and_in_highAssurance_refused()
    {
        _host.Write("/etc/app.py", "import time\ntime.sleep(1000)\n");
        // A program that enters by itself: by 'nsenter' in the unit it would be refused at once (VPC088).
        _host.Write("/etc/app-once.py", $"import ctypes, os, socket\nctypes.CDLL(None).setns(os.open('/proc/1/ns/net', os.O_RDONLY), 0x40000000)\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'escape', ('{Addresses.Web}', {EscapePort}))\n");
        Install("Type=exec\nDynamicUser=yes\nExecStart=/usr/bin/python3 /etc/app.py\nExecStartPost=+/usr/bin/python3 /etc/app-once.py\n");
        Configure();
        Assert.Contains("VPC113", _host.Product("check").Error, StringComparison.Ordinal);
        var start = _host.Laboratory.Uplink.Count;
        _host.Product("apply").OrThrow();
        Assert.True(_host.Laboratory.Uplink.WaitFor(start, IsEscape, Patience), "the command does not get out here, so its finding would be for nothing");

        _host.Write(Laboratory.ConfigFile, _host.Read(Laboratory.ConfigFile).Replace("[namespaces.media]", "[namespaces.media]\nsecurityProfile = \"highAssurance\"", StringComparison.Ordinal));
        var refused = _host.Product("apply");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("VPC086", refused.Error, StringComparison.Ordinal);
        Assert.Contains("ExecStartPost", refused.Error, StringComparison.Ordinal);
    }

    // Over /proc/PID/root of a process of the same user, what listens in the host's /run can be asked to work for the service.
    [Fact]
    public void A_user_shared_with_an_unconfined_service_shows_the_hosts_run_and_a_user_of_its_own_does_not()
    {
        _host.Write("/etc/app-helper.py", $"""
            import os, socket
            here = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            here.bind("/run/helper.sock")
            os.chmod("/run/helper.sock", 0o666)
            out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            while True:
                here.recv(10)
                out.sendto(b"escape", ("{Addresses.Web}", {EscapePort}))

            """);
        _host.Write("/etc/app.py", """
            import glob, socket, time
            ask = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            while True:
                for path in ["/run/helper.sock"] + glob.glob("/proc/[0-9]*/root/run/helper.sock"):
                    try:
                        ask.sendto(b"x", path)
                    except OSError:
                        pass
                time.sleep(0.2)

            """);
        _host.Write(Units + "helper.service", "[Service]\nExecStartPre=-/bin/rm -f /run/helper.sock\nExecStart=/usr/bin/python3 /etc/app-helper.py\n");
        Install("Type=exec\nUser=ordinary\nPrivateUsers=no\nExecStart=/usr/bin/python3 /etc/app.py\n", start: false);
        _host.Shell("systemctl start helper").OrThrow();
        Configure();
        Assert.Contains("VPC113", _host.Product("check").Error, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start app").OrThrow();
        Assert.True(EscapeIsSeen(), "a shared user is no way out here, so its finding would be for nothing");

        Install("Type=exec\nUser=nobody\nExecStart=/usr/bin/python3 /etc/app.py\n", start: false);
        Assert.DoesNotContain("has the same user", _host.Product("check").Error, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl restart app").OrThrow();
        var start = _host.Laboratory.Uplink.Count;
        Assert.False(_host.Laboratory.Uplink.WaitFor(start, IsEscape, Window));

        Install("Type=exec\nUser=ordinary\nPrivateUsers=no\nExecStart=/usr/bin/python3 /etc/app.py\n", start: false);
        _host.Write(Laboratory.ConfigFile, _host.Read(Laboratory.ConfigFile).Replace("[namespaces.media]", "[namespaces.media]\nsecurityProfile = \"highAssurance\"", StringComparison.Ordinal));
        Assert.Contains("VPC086", _host.Product("check").Error, StringComparison.Ordinal);
    }

    // By its new definition they would be run in a namespace that is not there yet (status 225/NETWORK).
    [Fact]
    public void What_stops_a_running_service_runs_as_the_service_ran_before_it_was_confined()
    {
        const string Log = "/run/app-stopped";
        const string Where = $"/bin/sh -c 'readlink /proc/self/ns/net >> {Log}'";
        _host.Write("/etc/app.py", "import time\ntime.sleep(1000)\n");
        Install($"Type=exec\nExecStart=/usr/bin/python3 /etc/app.py\nExecStop={Where}\nExecStopPost={Where}\n");
        Configure();
        try
        {
            _host.Product("apply").OrThrow();
            var host = _host.Shell("readlink /proc/1/ns/net").OrThrow().Output;
            Assert.Equal(host + host, _host.Shell($"cat {Log}").Output);
            Assert.Equal("active", _host.Laboratory.Machine.UnitState("app.service"));
            Assert.NotEqual(host, _host.Shell($"readlink /proc/{Property("MainPID")}/ns/net").OrThrow().Output);
        }
        finally
        {
            _host.Shell($"rm -f {Log}").OrThrow();
        }
    }

    private static string SendForEver(string socket) => $"""
        while True:
            try:
                {socket}.sendto(b"escape", ("{Addresses.Web}", {EscapePort}))
            except OSError as error:
                print(error, flush=True)
            time.sleep(0.1)
        """;

    private void Install(string settings, bool start = true)
    {
        _host.Write(Units + "app.service", "[Service]\n" + settings);
        _host.Shell("systemctl daemon-reload" + (start ? "; systemctl start app" : "")).OrThrow();
    }

    // It is applied, and what is left outside is told.
    private void ApplyBesideWhatIsLeft()
    {
        var applied = _host.Product("apply");
        Assert.True(applied.ExitCode == 4, applied.Summary);
        Assert.Contains(
            "app.service  open: a process of it is outside its namespace", applied.Error, StringComparison.Ordinal);
    }

    private void Configure() => _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.app.vpn]\nnamespace = \"media\"\n");

    // The attachment alone and a restart: what somebody would do without the program.
    private void ConfineByHand()
    {
        _host.Shell($"mkdir -p {Units}app.service.d").OrThrow();
        _host.Write(ByHand, "[Service]\nNetworkNamespacePath=/run/netns/by-hand\n");
        _host.Shell("systemctl daemon-reload; systemctl restart app").OrThrow();
        Assert.Equal(_host.Shell("stat -Lc %i /run/netns/by-hand").OrThrow().Output, _host.Shell("stat -Lc %i /proc/$(systemctl show -P MainPID app)/ns/net").OrThrow().Output);
    }

    private void GateRefuses(string reason)
    {
        Assert.False(_host.Shell("systemctl start app").Succeeded);
        Assert.NotEqual("active", _host.Laboratory.Machine.UnitState("app.service"));
        Assert.Contains(reason, _host.Shell("journalctl --sync; journalctl -q -o cat -n 20 -u 'vpn-confinement-gate*'").Output, StringComparison.Ordinal);
    }

    private bool EscapeIsSeen() => _host.Laboratory.Uplink.WaitFor(_host.Laboratory.Uplink.Count, IsEscape, Patience);

    private void SendsThroughTheTunnelAlone()
    {
        Assert.Equal("active", _host.Laboratory.Machine.UnitState("app.service"));
        var watch = UplinkWatch.Begin(_host.Laboratory);
        watch.WaitForTunnel();
        Thread.Sleep(1000);
        var packets = watch.End();
        Assert.Contains(packets, p => UplinkPolicy.IsTunnel(p) && Addresses.Machine.Equals(p.Source));
        Assert.DoesNotContain(packets, IsEscape);
    }

    private string Property(string name) => _host.Shell($"systemctl show -P {name} app").OrThrow().Output.Trim();

    private static bool IsEscape(Packet packet) =>
        packet.Kind == PacketKind.Udp && packet.DestinationPort == EscapePort && Addresses.Machine.Equals(packet.Source) && Addresses.Web.Equals(packet.Destination);
}
