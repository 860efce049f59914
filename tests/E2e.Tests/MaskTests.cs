using System.Globalization;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What a confined service does not see of the host outside /run: sockets of daemons that would act for it, shared
/// memory, folders that the host mounts when they are opened. Each is reached by an unconfined service first. On a
/// real systemd.
/// </summary>
[Trait("guarantees", "S-33")]
public sealed class MaskTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system/";
    private const string Daemons = "stand-in-engines";
    private const string Gate = "vpn-confinement-gate-media@downloader.service.service";
    private const string InFolder = "/var/lib/incus/unix.socket";
    private const string InMemory = "/dev/shm/engine.sock";
    private const string Trap = "/net/trap";
    private const string Nas = "/mnt/nas";

    private static readonly string[] Sockets =
    [
        InFolder, InMemory, "/nix/var/nix/daemon-socket/socket", "/var/lib/lxd/unix.socket",
        "/var/snap/lxd/common/lxd/unix.socket", "/var/lib/docker/s", "/var/lib/containerd/s",
    ];

    // The stand-in says nothing when it is ready. It makes this socket last.
    private static readonly string ListenersAreUp =
        $"for i in $(seq 600); do test -S {Sockets[^1]} && break; sleep 0.1; done";

    private readonly BadHostFixture _host;

    public MaskTests(BadHostFixture host)
    {
        _host = host;
        Agent.InstallDaemons(host.Laboratory.Machine, Daemons, Sockets);
        host.Shell("systemctl daemon-reload; systemctl start ordinary").OrThrow();
    }

    public void Dispose()
    {
        // One by one: systemd 262 stops none of several where one is not there.
        var units = $"{Daemons} standin net-trap.automount mnt-nas.automount";
        _host.Shell($"for u in {units}; do systemctl stop $u; done; true").OrThrow();
        _host.Shell($"cd {Units} && rm -rf standin.service incus.service net-trap.* mnt-nas.*").OrThrow();
        _host.Shell("cd /var/lib && rm -rf incus lxd docker containerd /var/snap /nix /net /mnt/nas").OrThrow();
        _host.Shell("rm -rf /dev/shm/*").OrThrow();
        _host.Reset();
        _host.Shell("systemctl daemon-reload").OrThrow();
    }

    [Theory]
    [InlineData("baseline", "strict")]
    [InlineData("strict", "strict")]
    [InlineData("baseline", "compat")]
    public void Daemons_that_listen_outside_run_do_not_answer(string hardening, string dns)
    {
        _host.Shell($"systemctl start {Daemons}; {ListenersAreUp}").OrThrow();
        Apply(Hardening(hardening), dns);
        Assert.All(Sockets, socket =>
        {
            Assert.Equal("heard", Call(_host.Laboratory.Ordinary, socket).Value);
            Assert.False(Call(_host.Laboratory.Downloader, socket).Ok, socket);
        });
    }

    [Fact]
    public void What_the_configuration_allows_is_given_back()
    {
        _host.Shell($"systemctl start {Daemons}; {ListenersAreUp}").OrThrow();
        var findings = Apply("allow = [\"engines\", \"sharedMemory\"]", "strict");
        Assert.Contains("VPC113", findings, StringComparison.Ordinal);
        Assert.All(Sockets, socket => Assert.Equal("heard", Call(_host.Laboratory.Downloader, socket).Value));
    }

    // A mask of what is missing at the start would never be there; a folder that its owner makes later is the one that
    // systemd made.
    [Fact]
    public void What_a_daemon_that_is_installed_makes_after_the_services_start_stays_hidden()
    {
        _host.Write($"{Units}incus.service", "[Service]\nExecStart=/bin/sleep 1000\n");
        _host.Shell("systemctl daemon-reload; test ! -e /var/lib/incus").OrThrow();
        Apply("", "strict");
        _host.Shell($"systemctl start {Daemons}; {ListenersAreUp}").OrThrow();
        Assert.Equal("heard", Call(_host.Laboratory.Ordinary, InFolder).Value);
        Assert.False(Call(_host.Laboratory.Downloader, InFolder).Ok);
        Assert.Equal("heard", Call(_host.Laboratory.Ordinary, InMemory).Value);
        Assert.False(Call(_host.Laboratory.Downloader, InMemory).Ok);
        _host.Shell($"systemctl restart {Daemons}; {ListenersAreUp}; systemctl restart downloader").OrThrow();
        Assert.False(Call(_host.Laboratory.Downloader, InFolder).Ok);
    }

    [Theory]
    [InlineData("forking", "nobody", "baseline")]
    [InlineData("forking", "root", "baseline")]
    [InlineData("forking", "nobody", "strict")]
    public void Processes_of_a_service_share_memory_among_themselves_only(string type, string user, string hardening)
    {
        _host.Shell("echo host > /dev/shm/of-the-host; chmod 666 /dev/shm/of-the-host").OrThrow();
        _host.Write("/opt/share.py", """
            import mmap, os, sys, time
            name = "/dev/shm/of-the-service"
            def memory():
                f = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
                os.ftruncate(f, 4096)
                return mmap.mmap(f, 4096)
            mine = memory()
            if os.fork() == 0:
                memory()[0:5] = b"hello"
                time.sleep(1000)
            while mine[0:5] != b"hello":
                time.sleep(0.05)
            print("shared", oct(os.stat("/dev/shm").st_mode & 0o7777), os.listdir("/dev/shm"), flush=True)
            os._exit(0)

            """);
        _host.Write(
            $"{Units}standin.service",
            $"[Service]\nType={type}\nUser={user}\nExecStart=/usr/bin/python3 /opt/share.py\n");
        var vpn = $"[services.standin.vpn]\nnamespace = \"media\"\nhardeningProfile = \"{hardening}\"\n";
        _host.Write(Laboratory.ConfigFile, $"{_host.Config}\n{vpn}");
        _host.Shell("systemctl daemon-reload").OrThrow();
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start standin || { journalctl -q -n 20 -u standin >&2; exit 1; }").OrThrow();
        var journal = _host.Shell("journalctl -q --sync; journalctl -q -o cat -u standin").OrThrow().Output;
        Assert.Contains("shared 0o1777 ['of-the-service']", journal, StringComparison.Ordinal);
        Assert.False(_host.Exists("/dev/shm/of-the-service"));
        Assert.Equal("active", _host.Laboratory.Machine.UnitState("standin.service"));
    }

    // systemd's automount is one of the kernel's autofs; who opens it has systemd mount what the unit says.
    [Theory]
    [InlineData("baseline")]
    [InlineData("strict")]
    public void Opening_a_folder_that_mounts_on_demand_has_the_host_do_nothing(string hardening)
    {
        WriteAutomount(Trap);
        WriteAutomount(Nas);
        _host.Shell("systemctl daemon-reload; systemctl start net-trap.automount mnt-nas.automount").OrThrow();
        var findings = Apply(Hardening(hardening), "strict");
        Assert.True(Triggers(_host.Laboratory.Ordinary, Trap));
        Assert.False(Triggers(_host.Laboratory.Downloader, Trap));
        Assert.True(Triggers(_host.Laboratory.Ordinary, Nas));
        // What later systemd cannot hide without opening it is named.
        var hides = SystemdVersion() <= 257;
        Assert.Equal(!hides, Triggers(_host.Laboratory.Downloader, Nas));
        Assert.Contains(hides ? "VPC126" : "VPC107", findings, StringComparison.Ordinal);

        // Neither does a start, and what begins to mount on demand later is hidden as well.
        var before = Requests();
        _host.Shell("systemctl stop net-trap.automount; systemctl restart downloader").OrThrow();
        _host.Shell("systemctl start net-trap.automount").OrThrow();
        Assert.False(Triggers(_host.Laboratory.Downloader, Trap));
        Assert.Equal(before, Requests());
    }

    [Theory]
    [InlineData("InaccessiblePaths=", "InaccessiblePaths is ''")]
    [InlineData("ReadWritePaths=/dev/shm", "ReadWritePaths names /dev/shm")]
    [InlineData("ReadOnlyPaths=/run", "ReadOnlyPaths names /run")]
    [InlineData("BindPaths=/dev/shm", "undoes the mask of /dev/shm")]
    [InlineData("BindReadOnlyPaths=/var/lib:/srv", "undoes the mask of /var/lib/")]
    public void A_later_drop_in_that_takes_a_mask_away_is_refused(string setting, string reason)
    {
        const string Folder = Units + "downloader.service.d";
        Apply("", "strict");
        _host.Write($"{Folder}/zzzzz-later.conf", $"[Service]\n{setting}\n");
        try
        {
            _host.Shell("systemctl daemon-reload").OrThrow();
            Assert.False(_host.Shell("systemctl restart downloader").Succeeded);
            var journal = _host.Shell($"journalctl -q --sync; journalctl -q -o cat -u {Gate}").Output;
            Assert.Contains(reason, journal, StringComparison.Ordinal);
            Assert.Equal(4, _host.Product("status").ExitCode);
        }
        finally
        {
            _host.Shell($"rm {Folder}/zzzzz-later.conf; systemctl daemon-reload").OrThrow();
        }
    }

    // What 'apply' says of the downloader, which then runs.
    private string Apply(string options, string dns)
    {
        const string Service = "[services.downloader.vpn]";
        const string Namespace = "[namespaces.media]";
        var config = _host.Config.Replace(Service, $"{Service}\n{options}", StringComparison.Ordinal)
            .Replace(Namespace, $"{Namespace}\ndns.mode = \"{dns}\"", StringComparison.Ordinal);
        _host.Write(Laboratory.ConfigFile, config);
        var applied = _host.Product("apply").OrThrow();
        _host.Shell("systemctl restart downloader || { journalctl -q -n 20 -u downloader >&2; exit 1; }").OrThrow();
        return applied.Output + applied.Error;
    }

    private static string Hardening(string profile) =>
        $"hardeningProfile = \"{profile}\"{(profile == "strict" ? "\nallowJit = true" : "")}";

    private static AgentReply Call(Agent agent, string path) =>
        agent.Ask(new AgentRequest(AgentOperation.Call) { Path = path });

    private void WriteAutomount(string path)
    {
        var name = path[1..].Replace('/', '-');
        _host.Write($"{Units}{name}.automount", $"[Automount]\nWhere={path}\n");
        _host.Write(
            $"{Units}{name}.mount",
            $"[Unit]\nStartLimitIntervalSec=0\n[Mount]\nWhat=nas.example:/media\nWhere={path}\nType=nfs\n");
    }

    private bool Triggers(Agent agent, string path)
    {
        _host.Shell("systemctl reset-failed; systemctl start net-trap.automount mnt-nas.automount").OrThrow();
        var before = Requests();
        agent.Ask(new AgentRequest(AgentOperation.Read) { Name = $"{path}/file" });
        Thread.Sleep(LabHost.Patience(0.5));
        return Requests() > before;
    }

    private int Requests()
    {
        var journal = _host.Shell("journalctl -q --sync; journalctl -q -o cat _PID=1").OrThrow().Output;
        return journal.Split("Got automount request for ").Length;
    }

    // "systemd 257 (257.13-1~deb13u1)"
    private int SystemdVersion() =>
        int.Parse(_host.Shell("systemctl --version").OrThrow().Output.Split(' ')[1], CultureInfo.InvariantCulture);
}
