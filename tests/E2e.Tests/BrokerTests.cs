using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What a process may ask to act for it outside its namespace: every socket that a daemon of the host listens on, the
/// spools from which cron, at and systemd start programs, and the IPC of the kernel. First by root that nobody confines,
/// then by services of either profile, as root and not.
/// </summary>
public sealed class BrokerTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system/";
    private const string Free = "free-root";

    // Bound back into the private /run of strict DNS: to write to the journal, and to say what Type=notify says.
    private static readonly string[] BoundBack = ["/run/systemd/journal/", "/run/systemd/notify"];

    private static readonly string[] Confined = ["baseline-user", "baseline-root", "strict-user", "strict-root"];

    private readonly BadHostFixture _host;

    public BrokerTests(BadHostFixture host)
    {
        _host = host;
        host.Write("/etc/brokers.py", Tries);
        foreach (var name in Confined.Append(Free))
        {
            var user = name.EndsWith("-user", StringComparison.Ordinal) ? "DynamicUser=yes" : "User=root";
            host.Write($"{Units}{name}.service", $"""
                [Service]
                Type=oneshot
                {user}
                StateDirectory={name}
                ExecStart=/bin/sh -c 'python3 /etc/brokers.py >/var/lib/{name}/said'

                """);
        }

        host.Write(Laboratory.ConfigFile, host.Config + string.Concat(Confined.Select(name =>
            $"\n[services.{name}.vpn]\nnamespace = \"media\"\nhardeningProfile = \"{name.Split('-')[0]}\"\n")));
        host.Shell("mkdir -p /var/spool/cron/crontabs /var/spool/cron/atjobs /etc/cron.d; systemctl daemon-reload").OrThrow();
        host.Product("apply").OrThrow();

        // With the tunnel up, so that a userspace WireGuard listens as well. The columns of /proc/net/unix: the fourth has a flag
        // where it listens, which datagrams do not; the fifth is the type, the eighth the path.
        host.Shell("""
            systemctl start downloader
            awk '$8 != "" && ($4 == "00010000" || $5 == "0002") { print $5, $8 }' /proc/net/unix | sort -u >/etc/brokers.txt
            """).OrThrow();
    }

    public void Dispose()
    {
        _host.Shell("rm -rf /etc/brokers.* /var/spool/cron /etc/cron.d /var/lib/*-root /var/lib/*-user /var/lib/private").OrThrow();
        _host.Reset();
    }

    [Fact]
    public void Of_the_hosts_sockets_a_confined_service_reaches_the_journals_and_systemds_for_notifications()
    {
        var free = Run(Free).Where(t => t.Key.StartsWith("connect ", StringComparison.Ordinal)).ToList();
        Assert.Contains(free, t => t is { Key: "connect /run/systemd/private", Value: "done" });
        Assert.True(LabHost.HasKernelWireGuard || free.Any(t => t.Key.Contains("/run/wireguard/", StringComparison.Ordinal)
            && t.Value == "done"));
        foreach (var name in Confined)
        {
            var reached = Run(name).Where(t => t.Key.StartsWith("connect ", StringComparison.Ordinal) && t.Value == "done")
                .Select(t => t.Key["connect ".Length..]).ToList();
            Assert.NotEmpty(reached);
            reached.RemoveAll(path => BoundBack.Any(known => path.StartsWith(known, StringComparison.Ordinal)));
            Assert.True(reached.Count == 0, $"{name} reaches {string.Join(", ", reached)}");
        }
    }

    [Fact]
    public void A_confined_service_writes_into_no_spool_from_which_programs_are_started()
    {
        string[] spools =
        [
            "/var/spool/cron/crontabs", "/var/spool/cron/atjobs", "/etc/cron.d", "/etc/systemd/system", "/run/systemd/system",
        ];
        var free = Run(Free);
        Assert.All(spools, spool => Assert.Equal("done", free[$"write {spool}"]));
        foreach (var name in Confined)
        {
            // Root under baseline has all of /var: known issues.
            var open = name == "baseline-root" ? spools[..2] : [];
            var tries = Run(name);
            Assert.Equal(open, spools.Where(spool => tries[$"write {spool}"] == "done"));
        }
    }

    // Known issues: whoever answers at the other end is on the host's network.
    [Fact]
    public void Queues_of_the_kernel_are_the_hosts()
    {
        _host.Shell("python3 /etc/brokers.py make").OrThrow();
        Assert.All(Confined, name => Assert.Equal("done", Run(name)["queue"]));
    }

    private Dictionary<string, string> Run(string name)
    {
        _host.Shell($"systemctl start {name} || {{ journalctl -q -n 20 -u {name} >&2; exit 1; }}").OrThrow();
        var said = _host.Read($"/var/lib/{(name.EndsWith("-user", StringComparison.Ordinal) ? "private/" : "")}{name}/said");
        Assert.EndsWith("end\n", said, StringComparison.Ordinal);
        return said.Split('\n').Select(l => l.Split(": ", 2)).Where(p => p.Length == 2)
            .ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
    }

    private const string Tries = """
        import ctypes, os, socket, sys

        libc = ctypes.CDLL(None, use_errno=True)
        KEY = 0x76706e63

        def attempt(name, action):
            try:
                action()
                print(f"{name}: done")
            except OSError as error:
                print(f"{name}: {error.strerror}")

        def connect(kind, path):
            name = "\0" + path[1:] if path.startswith("@") else path
            with socket.socket(socket.AF_UNIX, int(kind, 16)) as one:
                one.settimeout(2)
                one.connect(name)

        def write(folder):
            path = folder + "/vpnc-lab-broker"
            with open(path, "w") as file:
                file.write("")
            os.unlink(path)

        def queue(flags):
            if libc.msgget(KEY, flags) < 0:
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

        if sys.argv[1:] == ["make"]:
            queue(0o1666)
            sys.exit()
        for line in open("/etc/brokers.txt"):
            kind, path = line.split()
            attempt("connect " + path, lambda: connect(kind, path))
        for folder in ["/var/spool/cron/crontabs", "/var/spool/cron/atjobs", "/etc/cron.d", "/etc/systemd/system",
                       "/run/systemd/system"]:
            attempt("write " + folder, lambda: write(folder))
        attempt("queue", lambda: queue(0o600))
        print("end")

        """;
}
