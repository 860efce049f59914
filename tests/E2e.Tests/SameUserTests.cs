using System.Globalization;
using System.Text.Json;
using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What a confined service can do to processes of its user on the host's network, and through them. Each way is seen
/// first, by an unconfined service of that user and by a confined one whose unit forbids the answer.
/// </summary>
[Trait("guarantees", "S-37")]
public sealed class SameUserTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system/";
    private const string User = "sameuser";
    private const int UserId = 61500;
    private const int EscapePort = 47004;
    private const string Result = "/var/lib/tries/seen";

    // What stays open: nothing of it sends a packet.
    private static readonly string[] Open = ["signal", "limits"];

    // What no way of strict hardening closes by itself.
    private static readonly string[] ByFiles =
        ["root", "socket", "folder", "file", "environment", "memory", "netns", "manager"];

    private readonly BadHostFixture _host;

    public SameUserTests(BadHostFixture host)
    {
        _host = host;
        host.Shell(
            $"echo '{User}:x:{UserId}:{UserId}::/nonexistent:/usr/sbin/nologin' >> /etc/passwd; "
            + $"echo '{User}:x:{UserId}:' >> /etc/group").OrThrow();
        host.Write("/etc/neighbour.py", Neighbour);
        host.Write("/etc/tries.py", Tries);
        host.Write("/etc/systemd/user/escape.service", $"""
            [Service]
            Type=oneshot
            ExecStart=/bin/bash -c 'echo escape > /dev/udp/{Addresses.Web}/{EscapePort}'

            """);
        host.Write(Units + "neighbour.service", $"""
            [Service]
            Type=notify
            NotifyAccess=all
            User={User}
            StateDirectory=neighbour
            ExecStartPre=+/bin/sh -c 'echo secret > /run/neighbour-secret'
            ExecStart=/usr/bin/python3 /etc/neighbour.py

            """);
        host.Write(Units + "manager.service", $"""
            [Service]
            Type=notify
            User={User}
            Delegate=yes
            Environment=XDG_RUNTIME_DIR=/run/user/{UserId}
            ExecStartPre=+/usr/bin/install -d -m 700 -o {UserId} -g {UserId} /run/user/{UserId}
            ExecStart=/usr/lib/systemd/systemd --user

            """);
        host.Write(Units + "control.service", Service(""));
        host.Shell("systemctl daemon-reload; systemctl start ordinary neighbour manager").OrThrow();
    }

    public void Dispose()
    {
        _host.Reset();
        _host.Shell(
            "systemctl stop app control neighbour manager; rm -rf /etc/tries.py /etc/neighbour.py /var/lib/tries "
            + $"/var/lib/neighbour /var/lib/systemd/linger/{User} /run/user/{UserId} /run/neighbour-secret "
            + $"/etc/systemd/user/escape.service {Units}app.service* {Units}control.service {Units}neighbour.service "
            + $"{Units}manager.service; "
            + $"sed -i '/^{User}:/d' /etc/passwd /etc/group; "
            + "systemctl daemon-reload; systemctl reset-failed").OrThrow();
    }

    [Theory]
    [InlineData("baseline", "strict")]
    [InlineData("strict", "strict")]
    [InlineData("baseline", "compat")]
    public void A_service_reaches_none_of_its_users_processes_outside(string hardening, string dns)
    {
        var watch = UplinkWatch.Begin(_host.Laboratory);
        Assert.Equal([], Closed(Run("control")));
        Assert.True(watch.End().Count(IsEscape) > 1, "the ways out do not work here, so nothing below proves anything");

        // Confined, and without a user namespace of its own: named, and open.
        Configure(hardening, dns);
        Install("PrivateUsers=no\n");
        RequireNamed("app.service runs as sameuser, as control.service, manager.service, neighbour.service outside");
        _host.Product("apply").OrThrow();
        watch = UplinkWatch.Begin(_host.Laboratory);
        var open = Run("app");
        Assert.Empty(Closed(open).Intersect(hardening == "strict" ? ByFiles : Ways(open).Except(["bus"])));
        Assert.Contains(watch.End(), IsEscape);

        // The same unit without that line.
        Install("");
        RequireNotNamed("sameuser");
        _host.Product("apply").OrThrow();
        watch = UplinkWatch.Begin(_host.Laboratory);
        var closed = Run("app");
        Assert.Equal(Ways(closed).Except(Open), Closed(closed));
        Assert.DoesNotContain(watch.End(), IsEscape);
    }

    [Fact]
    public void Logins_and_a_lingering_manager_are_named_and_in_highAssurance_refused()
    {
        _host.Shell(
            $"systemctl stop manager neighbour; rm {Units}manager.service {Units}neighbour.service "
            + $"{Units}control.service; systemctl daemon-reload").OrThrow();
        Configure("baseline", "strict");
        Install("PrivateUsers=no\n");
        RequireNotNamed("sameuser");

        _host.Shell($"mkdir -p /var/lib/systemd/linger; touch /var/lib/systemd/linger/{User}").OrThrow();
        RequireNamed($"as user@{UserId}.service (lingering) outside");
        _host.Shell(
            $"rm /var/lib/systemd/linger/{User}; "
            + $"sed -i '/^{User}:/s,/usr/sbin/nologin,/bin/sh,' /etc/passwd").OrThrow();
        RequireNamed("warning VPC113: app.service runs as sameuser, as the logins of sameuser outside");

        _host.Write(Laboratory.ConfigFile, _host.Read(Laboratory.ConfigFile).Replace(
            "[namespaces.media]", "[namespaces.media]\nsecurityProfile = \"highAssurance\"", StringComparison.Ordinal));
        RequireNamed("error VPC086: app.service runs as sameuser, as the logins of sameuser outside");
        Install("");
        RequireNotNamed("the logins of sameuser");
    }

    [Theory]
    [InlineData("PrivateUsers=no", "PrivateUsers is 'no'", "strict")]
    [InlineData("InaccessiblePaths=", "lacks '-/run/user'", "compat")]
    public void A_later_drop_in_that_undoes_it_keeps_the_service_down(string line, string reason, string dns)
    {
        Configure("baseline", dns);
        Install("");
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start app").OrThrow();
        _host.Write(Units + "app.service.d/zzzzz-later.conf", $"[Service]\n{line}\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
        Assert.Contains(reason, _host.Product("status").Output, StringComparison.Ordinal);
        Assert.False(_host.Shell("systemctl start app").Succeeded);
        var journal = _host.Shell("journalctl --sync; journalctl -q -o cat -n 20 -u 'vpn-confinement-gate*'").Output;
        Assert.Contains(reason, journal, StringComparison.Ordinal);
    }

    // What a user namespace could get in the way of: a PID file, credentials, a reload by signal, folders that systemd
    // makes, the folder of another group.
    [Theory]
    [InlineData("baseline")]
    [InlineData("strict")]
    public void A_service_with_a_user_namespace_works_as_without_one(string hardening)
    {
        Configure(hardening, "strict");
        _host.Write("/etc/tries.py", $$"""
            import os, signal, socket, sys, time
            if os.fork():
                while not os.path.exists("/run/app/pid"):
                    time.sleep(0.05)
                os._exit(0)
            assert open(os.environ["CREDENTIALS_DIRECTORY"] + "/word").read() == "given"
            assert os.stat("/etc/passwd").st_uid == 0 and os.stat("/var/lib/tries").st_uid == {{UserId}}
            open("/srv/shared/here", "w").write("written")
            def again(*_):
                open("/var/lib/tries/seen", "w").write("reloaded")
            signal.signal(signal.SIGHUP, again)
            open("/run/app/new", "w").write(str(os.getpid()))
            os.rename("/run/app/new", "/run/app/pid")
            while True:
                time.sleep(1)

            """);
        _host.Shell("mkdir -p /srv/shared; chgrp games /srv/shared; chmod 2770 /srv/shared").OrThrow();
        try
        {
            _host.Write(Units + "app.service", $"""
                [Service]
                Type=forking
                User={User}
                SupplementaryGroups=games
                RuntimeDirectory=app
                StateDirectory=tries
                PIDFile=/run/app/pid
                SetCredential=word:given
                ReadWritePaths=/srv/shared
                ExecStart=/usr/bin/python3 /etc/tries.py
                ExecReload=kill -HUP $MAINPID

                """);
            _host.Shell("systemctl daemon-reload").OrThrow();
            _host.Product("apply").OrThrow();
            _host.Shell("systemctl start app").OrThrow();
            Assert.Equal(
                SystemdVersion() >= 257 ? "identity" : "yes",
                Said($"sed -n s/^PrivateUsers=//p {Units}app.service.d/zzzz-vpn-confinement.conf"));
            Assert.NotEqual(
                Said("readlink /proc/1/ns/user"), Said("readlink /proc/$(systemctl show -P MainPID app)/ns/user"));
            _host.Shell(
                $"systemctl reload app; for i in $(seq 600); do [ -s {Result} ] && break; sleep 0.1; done; "
                + "systemctl restart app").OrThrow();
            Assert.Equal("reloaded", _host.Read(Result));
            Assert.Equal("written", _host.Read("/srv/shared/here"));
            Assert.Equal("games", Said("stat -c %G /srv/shared/here"));
            Assert.Equal("active", _host.Laboratory.Machine.UnitState("app.service"));
        }
        finally
        {
            _host.Shell("rm -rf /srv/shared").OrThrow();
        }
    }

    private static string Neighbour => """
        import ctypes, os, socket, time
        kept = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        os.dup2(kept.fileno(), 50)
        os.dup2(os.open("/run/neighbour-secret", os.O_RDONLY), 51)
        secret = ctypes.create_string_buffer(b"secret")
        here = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        os.makedirs("/tmp/neighbour", exist_ok=True)
        os.chdir("/tmp/neighbour")
        open("secret", "w").write("secret")
        with open("/var/lib/neighbour/place", "w") as place:
            place.write("%d %d" % (os.getpid(), ctypes.addressof(secret)))
        ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        ready.connect(os.environ["NOTIFY_SOCKET"])
        ready.send(b"READY=1")
        while True:
            time.sleep(100)

        """;

    // Each way by its name; what it raises closes it.
    private static string Tries => $$"""
        import ctypes, errno, fcntl, json, os, platform, signal, socket, struct, subprocess
        libc = ctypes.CDLL(None, use_errno=True)
        libc.ptrace.restype = libc.syscall.restype = libc.process_vm_readv.restype = ctypes.c_long
        pid, address = map(int, open("/var/lib/neighbour/place").read().split())
        proc = "/proc/%d/" % pid

        def call(function, *arguments):
            got = function(*[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
            if got < 0:
                raise OSError(ctypes.get_errno(), "")
            return got

        def read(path):
            with open(path, "rb") as file:
                assert file.read(1000)

        def memory():
            file = os.open(proc + "mem", os.O_RDWR)
            assert os.pread(file, 6, address) == b"secret"
            os.pwrite(file, b"secret", address)

        def peek():
            here = ctypes.create_string_buffer(6)
            local, remote = struct.pack("QQ", ctypes.addressof(here), 6), struct.pack("QQ", address, 6)
            call(libc.process_vm_readv, pid, ctypes.c_char_p(local), 1, ctypes.c_char_p(remote), 1, 0)
            assert here.raw == b"secret"

        def trace():
            call(libc.ptrace, 16, pid, 0, 0)
            os.waitpid(pid, 0x40000000)
            call(libc.ptrace, 17, pid, 0, 0)

        def descriptor():
            taken = socket.socket(fileno=call(libc.syscall, 438, os.pidfd_open(pid), 50, 0))
            taken.sendto(b"escape", ("{{Addresses.Web}}", {{EscapePort}}))

        def manager(folder):
            place = {"XDG_RUNTIME_DIR": folder, "PATH": "/usr/bin"}
            subprocess.run(["systemctl", "--user", "start", "escape"], check=True, timeout=10, env=place)

        def sending():
            return socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

        kcmp, prlimit = (312, 302) if platform.machine() == "x86_64" else (272, 261)
        ways = {
            "root": lambda: read(proc + "root/run/neighbour-secret"),
            "socket": lambda: sending().connect(proc + "root/run/systemd/journal/dev-log"),
            "folder": lambda: read(proc + "cwd/secret"),
            "file": lambda: read(proc + "fd/51"),
            "environment": lambda: read(proc + "environ"),
            "memory": memory,
            "peek": peek,
            "trace": trace,
            "descriptor": descriptor,
            "compare": lambda: call(libc.syscall, kcmp, os.getpid(), pid, 0, 0, 0),
            "netns": lambda: os.close(os.open(proc + "ns/net", os.O_RDONLY)),
            "manager": lambda: manager(proc + "root/run/user/{{UserId}}"),
            "bus": lambda: manager("/run/user/{{UserId}}"),
            "signal": lambda: os.kill(pid, signal.SIGCONT),
            "limits": lambda: call(libc.syscall, prlimit, pid, 7, 0, ctypes.c_char_p(bytes(16))),
        }
        seen = {}
        for way, go in ways.items():
            try:
                go()
                seen[way] = "open"
            except Exception as error:
                seen[way] = repr(error)
        with open("{{Result}}", "w") as result:
            json.dump(seen, result)

        """;

    private static string Service(string line) =>
        $"[Service]\nType=oneshot\nUser={User}\nStateDirectory=tries\nExecStart=/usr/bin/python3 /etc/tries.py\n{line}";

    private int SystemdVersion() =>
        int.Parse(Said("systemctl --version").Split(' ', '~', '-')[1], CultureInfo.InvariantCulture);

    private string Said(string line) => _host.Shell(line).OrThrow().Output.Trim();

    private void RequireNamed(string said) =>
        Assert.Contains(said, _host.Product("check").Error, StringComparison.Ordinal);

    private void RequireNotNamed(string said) =>
        Assert.DoesNotContain(said, _host.Product("check").Error, StringComparison.Ordinal);

    private void Install(string line)
    {
        _host.Write(Units + "app.service", Service(line));
        _host.Shell("systemctl daemon-reload").OrThrow();
    }

    private void Configure(string hardening, string dns)
    {
        var config = dns == "compat"
            ? _host.Config.Replace("publishToHost", "dns.mode = \"compat\"\npublishToHost", StringComparison.Ordinal)
            : _host.Config;
        _host.Write(Laboratory.ConfigFile, $"""
            {config}
            [services.app.vpn]
            namespace = "media"
            hardeningProfile = "{hardening}"

            """);
    }

    private Dictionary<string, string> Run(string unit)
    {
        _host.Shell($"rm -f {Result}; systemctl start {unit}").OrThrow();
        return JsonSerializer.Deserialize<Dictionary<string, string>>(_host.Read(Result))!;
    }

    private static IEnumerable<string> Ways(Dictionary<string, string> seen) => seen.Keys.Order(StringComparer.Ordinal);

    private static IEnumerable<string> Closed(Dictionary<string, string> seen) =>
        seen.Where(s => s.Value != "open").Select(s => s.Key).Order(StringComparer.Ordinal);

    private static bool IsEscape(Packet packet) =>
        packet.Kind == PacketKind.Udp && packet.DestinationPort == EscapePort
        && Addresses.Machine.Equals(packet.Source) && Addresses.Web.Equals(packet.Destination);
}
