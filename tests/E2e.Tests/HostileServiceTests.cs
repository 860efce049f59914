using System.Diagnostics;
using System.Globalization;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What a confined service makes itself (mount namespaces, control groups, processes without end) is never entered by
/// the watcher, reaches the host by no mount of its, and keeps it from nothing that it does for others.
/// </summary>
[Trait("guarantees", "S-26 S-34")]
public sealed class HostileServiceTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Watcher = "vpn-confinement-watch@media.service";
    private const string Unit = "/etc/systemd/system/hostile.service";
    private const string State = "/var/lib/vpn-confinement/namespaces/media";
    private const string Replace = "echo nameserver 203.0.113.53 > /etc/new && mv /etc/new /etc/resolv.conf";

    private readonly BadHostFixture _host;
    private readonly string _resolver;
    private readonly string _began;

    public HostileServiceTests(BadHostFixture host)
    {
        _host = host;
        _resolver = host.Read("/etc/resolv.conf");
        _began = host.Now();
    }

    public void Dispose()
    {
        _host.Shell("rm -f /etc/resolv.conf").OrThrow();
        _host.Write("/etc/resolv.conf", _resolver);

        // Before its namespace: it may take long to end thousands of processes.
        _host.Shell("systemctl kill -s KILL hostile; systemctl stop hostile").OrThrow();
        _host.Reset();
        _host.Shell(
            $"rm -f {Unit} /opt/hostile /opt/systemd /opt/leaderless; systemctl daemon-reload; systemctl reset-failed")
            .OrThrow();
    }

    // Its file is a mount that root made, and a copy of a mount that root made on the host: what goes on top of it
    // would go there as well.
    [Fact]
    public void A_mount_namespace_of_its_own_is_not_entered_and_nothing_of_it_appears_on_the_host()
    {
        _host.Write("/opt/hostile", """
            mount -t tmpfs none /etc || exit
            : >/etc/resolv.conf; : >/etc/nsswitch.conf; echo nameserver 203.0.113.66 >/etc/mine
            echo ready >"$STATE_DIRECTORY/said"
            for i in $(seq 60); do
                if test -s /etc/resolv.conf; then echo entered >>"$STATE_DIRECTORY/said"; mount --bind /etc/mine /etc/resolv.conf; break; fi
                sleep 0.1
            done
            echo done >>"$STATE_DIRECTORY/said"
            exec sleep infinity
            """);
        Start("User=hostile\nExecStart=/bin/sh -c 'unshare -Ur -m sh /opt/hostile & wait'");
        WaitForSaid("ready\ndone\n");
        var mounts = _host.Read("/proc/1/mountinfo").Split('\n').Where(l => l.Contains("/var/lib/vpn-confinement", StringComparison.Ordinal));
        Assert.Empty(mounts);
        Assert.DoesNotContain("203.0.113.66", _host.Read($"{State}/resolv.conf"), StringComparison.Ordinal);

        // While the watcher does its work beside it.
        _host.Shell(Replace).OrThrow();
        WaitUntilPinned("downloader");
    }

    [Fact]
    public void A_service_in_a_user_namespace_that_systemd_made_keeps_its_resolver()
    {
        Start("User=hostile\nPrivateUsers=yes\nExecStart=/bin/sleep infinity");
        var run = Invocation("hostile");
        _host.Shell(Replace).OrThrow();
        WaitUntilPinned("hostile");
        Assert.Equal(run, Invocation("hostile"));
        _host.WaitForEntry("pin-restored", _began, "hostile.service; pinned again");
    }

    [Fact]
    public void A_service_that_is_all_in_a_mount_namespace_of_its_own_is_restarted()
    {
        Start("User=hostile\nExecStart=unshare -Ur -m sleep infinity");
        WaitUntilPinned("hostile");
        _host.Shell("sleep 3").OrThrow();
        var run = Invocation("hostile");
        _host.Shell(Replace).OrThrow();
        _host.WaitForAnotherRun("hostile.service", run);
        WaitUntilPinned("hostile");
        _host.WaitForEntry("pin-restart", _began, "so hostile.service is restarted");

        // Once for each time that the host replaces a file.
        run = Invocation("hostile");
        _host.Shell("sleep 8").OrThrow();
        Assert.Equal(run, Invocation("hostile"));
    }

    [Fact]
    public void Thousands_of_user_and_mount_namespaces_cost_it_nothing()
    {
        _host.Write("/opt/hostile", """
            import ctypes, os, time
            libc = ctypes.CDLL(None)
            for i in range(2000):
                if os.fork() == 0:
                    libc.unshare(0x10000000 | 0x20000)
                    time.sleep(3600)
            open(os.environ["STATE_DIRECTORY"] + "/said", "w").write("made\n")
            time.sleep(3600)
            """);
        Start("User=hostile\nTasksMax=infinity\nExecStart=python3 /opt/hostile");
        WaitForSaid("made\n");

        // The last of its children may still be about to make theirs.
        Eventually.See("2000 mount namespaces", MountNamespaces, count => count > 2000);
        StillWatches();
    }

    private int MountNamespaces() => int.Parse(
        _host.Shell("ls -l /proc/[0-9]*/ns/mnt 2>/dev/null | sed 's/.*-> //' | sort -u | wc -l").OrThrow().Output,
        CultureInfo.InvariantCulture);

    [Fact]
    public void Thousands_of_control_groups_one_within_another_or_shut_cost_it_nothing()
    {
        _host.Write("/opt/hostile", """
            import os, time
            top = "/sys/fs/cgroup" + open("/proc/self/cgroup").read().split("::")[1].strip()
            for i in range(1500):
                os.mkdir(f"{top}/{i}")
            os.chdir(top)
            for i in range(25):
                os.mkdir("x" * 200)
                os.chdir("x" * 200)
            os.chmod(f"{top}/1", 0)
            os.chmod(f"{top}/2/cgroup.procs", 0)
            said = os.environ["STATE_DIRECTORY"] + "/said"
            open(said, "w").write("made\n")
            while not os.path.exists("/tmp/undo"):
                time.sleep(0.1)
            for i in range(25):
                os.chdir("..")
                os.rmdir("x" * 200)
            for i in range(1500):
                os.rmdir(f"{top}/{i}")
            open(said, "w").write("undone\n")
            time.sleep(3600)
            """);
        Start("PrivateTmp=no\nUser=hostile\nDelegate=yes\nProtectControlGroups=no\nExecStart=python3 /opt/hostile");
        WaitForSaid("made\n");
        try
        {
            StillWatches();
            var status = _host.Product("status");
            Assert.Contains("not all of hostile.service is looked at", status.Output, StringComparison.Ordinal);
            Assert.Contains("which processes hostile.service has could not be read", status.Output, StringComparison.Ordinal);
            Assert.Equal(5, status.ExitCode);
            Assert.Single(Entries("watch-bound").Trim().Split('\n'));
        }
        finally
        {
            // systemd itself cannot end what lies too deep for a path.
            _host.Shell("touch /tmp/undo").OrThrow();
            WaitForSaid("undone\n");
            _host.Shell("rm /tmp/undo").OrThrow();
        }
    }

    // Those of systemd's own user namespace are entered: only root with CAP_SYS_ADMIN can make them.
    [Fact]
    public void What_root_makes_is_watched_up_to_a_bound_which_is_told()
    {
        Start("CapabilityBoundingSet=CAP_SYS_ADMIN\nExecStart=/bin/sh -c 'for i in $(seq 100); do unshare -m sleep infinity & done; wait'");
        Eventually.See(
            "'status' tells of the bound",
            () => _host.Product("status").Output,
            said => said.Contains("not all of hostile.service is looked at", StringComparison.Ordinal));
        Assert.Single(Entries("watch-bound").Trim().Split('\n'));
        StillWatches();
    }

    [Fact]
    public void What_it_writes_into_the_journal_costs_whoever_shows_it_little()
    {
        // Larger than a datagram may be: journald takes a sealed file as well (systemd-journald.service(8)).
        _host.Write("/opt/hostile", """
            import array, fcntl, os, socket
            journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            for i in range(10):
                file = os.memfd_create("entry", os.MFD_ALLOW_SEALING)
                os.write(file, b"MESSAGE=" + b"x" * 12_000_000 + b"\n")
                fcntl.fcntl(file, 1033, 15)
                right = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file]))
                journal.sendmsg([b""], [right], 0, "/run/systemd/journal/socket")
            os._exit(1)
            """);
        Start("User=hostile\nExecStart=python3 /opt/hostile", thatRuns: false);
        _host.Shell("systemctl start hostile");
        Eventually.See(
            "it has failed", () => _host.Laboratory.Machine.UnitState("hostile.service"), state => state == "failed");
        var written = Out("journalctl --sync; journalctl -q -o cat -n 10 _SYSTEMD_UNIT=hostile.service | wc -c");
        Assert.True(int.Parse(written, CultureInfo.InvariantCulture) > 100_000_000, written);
        const string Measure = "import resource, subprocess; subprocess.run(['vpn-confinement', 'status'], stdout=2); "
            + "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
        var kibibytes = int.Parse(Out($"python3 -c \"{Measure}\""), CultureInfo.InvariantCulture);
        Assert.InRange(kibibytes, 1, 100_000);
    }

    // As many as it may have, of what others look for in it: its namespaces, its pinned files, the folders of the host that it sees, sockets.
    [Fact]
    public void Thousands_of_descriptors_that_it_holds_cost_it_nothing()
    {
        _host.Write("/opt/hostile", """
            import os, resource, socket, time
            most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
            held = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in range(2000)]
            paths = ["/proc/self/ns/net", "/proc/self/ns/mnt", "/etc/resolv.conf", "/run", "/", "/dev/null"]
            held += [os.open(paths[i % 6], os.O_RDONLY) for i in range(min(most, 50000) - 2100)]
            open(os.environ["STATE_DIRECTORY"] + "/said", "w").write("made\n")
            time.sleep(3600)
            """);
        Start("User=hostile\nExecStart=python3 /opt/hostile");
        WaitForSaid("made\n");
        StillWatches();
        Assert.Equal(0, _host.Product("status").ExitCode);
        var verified = _host.Product("verify", "hostile");
        var bounded = verified.Output.Contains("more than 16384 descriptors, and not all", StringComparison.Ordinal);
        Assert.True(verified.ExitCode == (bounded ? 5 : 0), verified.Summary + verified.Output);

        // A namespace whose descriptor somebody holds outlives its name: what it was is gone with its tunnel all the same.
        _host.Shell($"systemctl stop {Laboratory.TunnelUnit}").OrThrow();
        _host.Laboratory.Machine.RequireUnit("hostile.service", "inactive");
        Eventually.See("the namespace is gone", () => _host.Exists("/run/netns/media"), there => !there);
        _host.Shell($"systemctl start {Laboratory.TunnelUnit}").OrThrow();
        _host.Laboratory.Machine.RequireUnit("hostile.service", "active");
    }

    private string Out(string line) => _host.Shell(line).OrThrow().Output.Trim();

    // The process is a zombie for whoever looks at it, and its other thread goes on.
    private const string FirstThreadEnds =
        "echo 'import ctypes, threading, time\nthreading.Thread(target=time.sleep, args=(3600,)).start()\n"
        + "ctypes.CDLL(None).pthread_exit(None)' > /opt/leaderless";

    [Theory]
    [InlineData("its-name", "cp /bin/sleep /opt/systemd", "User=hostile\nExecStart=/opt/systemd infinity")]
    [InlineData("its-program", "true", "User=hostile\nDelegate=yes\nRuntimeDirectory=hostile\nEnvironment=XDG_RUNTIME_DIR=/run/hostile\nExecStart=/usr/lib/systemd/systemd --user")]
    [InlineData("its-start-goes-on", "true", "User=hostile\nType=notify\nTimeoutStartSec=infinity\nExecStart=/bin/sleep infinity")]
    [InlineData("its-first-thread-ended", FirstThreadEnds, "User=hostile\nExecStart=python3 /opt/leaderless")]
    [InlineData("another-process-each-time", "true", "User=hostile\nType=forking\nGuessMainPID=no\nExecStart=python3 /opt/hostile")]
    public void One_that_is_on_the_hosts_network_is_stopped_whatever_it_calls_itself(string what, string prepare, string unit)
    {
        _host.Write("/opt/hostile", """
            import os, time
            if os.fork(): os._exit(0)
            while True:
                if os.fork(): os._exit(0)
                time.sleep(0.7)
            """);
        _host.Shell(prepare).OrThrow();
        Start(unit, thatRuns: false);
        const string Units = "/etc/systemd/system";
        _host.Shell($"rm -r {Units}/hostile.service.d {Units}/hostile.service.requires; systemctl daemon-reload; systemctl start --no-block hostile").OrThrow();
        _host.WaitForEntry("outside", _began, "of hostile.service is on the host's network");
        Eventually.See(
            $"{what} is stopped",
            () => _host.Laboratory.Machine.UnitState("hostile.service"),
            state => state is "inactive" or "failed");
    }

    private void Start(string service, bool thatRuns = true)
    {
        // The agents' units make their users; this one is made here.
        _host.Shell("grep -q ^hostile: /etc/passwd || { echo hostile:x:61190:61190::/nonexistent:/usr/sbin/nologin >>/etc/passwd; echo hostile:x:61190: >>/etc/group; }; rm -rf /var/lib/hostile").OrThrow();
        _host.Write(Unit, $"[Service]\nRestrictNamespaces=no\nStateDirectory=hostile\n{service}\n");
        _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.hostile.vpn]\nnamespace = \"media\"\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
        _host.Product("apply").OrThrow();
        _host.Shell($"systemctl start downloader{(thatRuns ? " hostile" : "")}").OrThrow();
        _host.Laboratory.Machine.RequireUnit(Watcher, "active");

        // A file of the host that is replaced before the look from inside has that look refuse the start, rightly.
        Assert.True(!thatRuns || _host.IsPastItsGate("hostile"), _host.Laboratory.Machine.Told("hostile.service"));
    }

    private string Said() => _host.Exists("/var/lib/hostile/said") ? _host.Read("/var/lib/hostile/said") : "";

    // The same process as before, few descriptors, little time, and what it is for is done as ever.
    private void StillWatches()
    {
        var run = Invocation(Watcher);
        Thread.Sleep(TimeSpan.FromSeconds(4));
        var before = Ticks();
        var clock = Stopwatch.StartNew();
        Thread.Sleep(TimeSpan.FromSeconds(10));
        Assert.True(Ticks() - before < 15 * clock.Elapsed.TotalSeconds, $"{Ticks() - before} hundredths of a second of processor time within {clock.Elapsed.TotalSeconds} s");
        Assert.Equal(run, Invocation(Watcher));
        Assert.Equal("0", _host.Shell($"systemctl show -p NRestarts --value {Watcher}").OrThrow().Output.Trim());
        var descriptors = int.Parse(_host.Shell($"ls /proc/$(systemctl show -p MainPID --value {Watcher})/fd | wc -l").OrThrow().Output, CultureInfo.InvariantCulture);
        Assert.InRange(descriptors, 1, 64);
        _host.Shell(Replace).OrThrow();
        WaitUntilPinned("downloader", LabHost.Patience(20));
    }

    private long Ticks() => long.Parse(_host.Shell($"cut -d' ' -f14,15 /proc/$(systemctl show -p MainPID --value {Watcher})/stat | awk '{{ print $1 + $2 }}'").OrThrow().Output, CultureInfo.InvariantCulture);

    private void WaitForSaid(string text) => Eventually.See(
        "what the service says", Said, said => said == text, () => _host.Laboratory.Machine.Told("hostile.service"),
        LabHost.Patience(120));

    private void WaitUntilPinned(string unit, TimeSpan? patience = null)
    {
        var file = _host.Shell($"stat -Lc %d:%i {State}/resolv.conf").OrThrow().Output;
        Eventually.See(
            $"/etc/resolv.conf is pinned in {unit}",
            () => _host.Shell(
                $"nsenter -m -t $(systemctl show -p MainPID --value {unit}) stat -c %d:%i /etc/resolv.conf").Output,
            seen => seen == file,
            () => _host.Laboratory.Machine.Told(Watcher, $"{unit}.service"),
            patience);
    }

    private string Invocation(string unit) => _host.Invocation(unit);

    private string Entries(string what) => _host.Entries(what, _began);
}
