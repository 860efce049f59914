using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// Units as packages ship them that hardening or the private /run would break: with what <c>check</c> proposes they
/// work, on a real systemd, and get no more than that.
/// </summary>
[Trait("guarantees", "S-23")]
public sealed class FittingTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system/";
    private const string Home = "/home/alice";

    private readonly BadHostFixture _host;

    public FittingTests(BadHostFixture host)
    {
        _host = host;
        host.Shell($"""
            getent passwd alice >/dev/null || echo alice:x:61191:61191::{Home}:/usr/sbin/nologin >>/etc/passwd
            mkdir -p {Home}/Downloads /home/bob && chown -R 61191:61191 {Home}
            """).OrThrow();
    }

    public void Dispose()
    {
        _host.Shell("systemctl stop standin.service 2>/dev/null; systemctl reset-failed; true");
        _host.Reset();
        _host.Shell($"rm -rf {Units}standin.* /home/alice /home/bob /run/queue; sed -i /^alice:/d /etc/passwd; systemctl daemon-reload").OrThrow();
    }

    [Theory]
    [InlineData("baseline")]
    [InlineData("strict")]
    public void A_service_of_a_person_writes_what_is_named_of_its_home_and_no_more(string profile)
    {
        Unit($"""
            User=alice
            ExecStart=/bin/sh -c 'touch {Home}/Downloads/x; touch {Home}/y; ls /home >/dev/shm/seen; cp /dev/shm/seen {Home}/Downloads/seen; exec sleep 1000'
            """);
        Assert.Contains($"writePaths = [\"{Home}\"]", Check(profile), StringComparison.Ordinal);
        Apply(profile, $"writePaths = [\"{Home}/Downloads\"]");
        Start();
        _host.Shell($"for i in $(seq 600); do test -e {Home}/Downloads/seen && exit 0; sleep 0.1; done; exit 1").OrThrow();
        Assert.True(_host.Exists($"{Home}/Downloads/x"));
        Assert.False(_host.Exists($"{Home}/y"));
        var seen = _host.Read($"{Home}/Downloads/seen").Split('\n');
        Assert.Equal(profile == "baseline", seen.Contains("bob"));
        Assert.Contains("alice", seen);
    }

    [Fact]
    public void A_folder_that_its_own_command_makes_in_run_is_there_at_each_start()
    {
        Unit("""
            User=alice
            ExecStartPre=/bin/mkdir -p /run/queue
            ExecStart=/bin/sh -c 'echo here >/run/queue/file && exec sleep 1000'
            """);
        Apply("baseline", "");
        for (var start = 0; start < 2; start++)
        {
            // As after a boot: nothing of it is left.
            Assert.False(_host.Exists("/run/queue"));
            Start();
            _host.Shell("for i in $(seq 600); do test -s /run/queue/file && exit 0; sleep 0.1; done; exit 1").OrThrow();
            _host.Shell("systemctl stop standin").OrThrow();
        }
    }

    [Fact]
    public void A_daemon_that_changes_its_user_itself_does_so_with_the_proposed_line()
    {
        Unit("ExecStart=/usr/bin/setpriv --reuid=61191 --regid=61191 --clear-groups /bin/sleep 1000");
        var said = Check("baseline");
        var from = said.IndexOf("capabilities = [", StringComparison.Ordinal);
        var line = said[from..(said.IndexOf(']', from) + 1)];
        Apply("baseline", line);
        Start();
        Assert.True(_host.IsPastItsGate("standin.service"));
        var pid = _host.Shell("systemctl show -P MainPID standin").OrThrow().Output.Trim();
        _host.Shell($"for i in $(seq 600); do test \"$(stat -c %u /proc/{pid})\" = 61191 && exit 0; sleep 0.1; done; exit 1").OrThrow();
    }

    [Fact]
    public void Access_to_the_hosts_run_is_refused_and_the_proposed_lines_work()
    {
        const string Setting = "User=alice\nExecStart=/bin/sleep 1000\nReadWritePaths=/var /run /tmp";
        Unit(Setting);
        var refused = Check("baseline", exitCode: 1);
        Assert.Contains("VPC087", refused, StringComparison.Ordinal);
        Assert.Contains("ReadWritePaths= with nothing after it and ReadWritePaths=/var /tmp", refused, StringComparison.Ordinal);
        Unit($"{Setting}\nReadWritePaths=\nReadWritePaths=/var /tmp");
        Apply("baseline", "");
        Start();
        Assert.True(_host.IsPastItsGate("standin.service"));
        var pid = _host.Shell("systemctl show -P MainPID standin").OrThrow().Output.Trim();
        Assert.False(_host.Shell($"nsenter -m -t {pid} test -e /run/dbus -o -e /run/systemd/private").Succeeded);
    }

    [Fact]
    public void A_unit_that_gathers_others_is_refused_with_the_one_that_works()
    {
        _host.Write(Units + "standin@.service", "[Unit]\nPartOf=standin.service\n[Service]\nUser=alice\nExecStart=/bin/sleep 1000\n");
        Unit("Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true");
        Assert.Contains("[services.\"standin@\".vpn]", Check("baseline", exitCode: 1), StringComparison.Ordinal);
        _host.Shell($"rm {Units}standin@.service").OrThrow();
    }

    private void Unit(string service)
    {
        _host.Write(Units + "standin.service", $"[Service]\n{service}\n");
        _host.Shell("systemctl daemon-reload").OrThrow();
    }

    private string Check(string profile, int exitCode = 0)
    {
        Configure(profile, "");
        var result = _host.Product("check");
        Assert.Equal(exitCode, result.ExitCode);
        return result.Output + result.Error;
    }

    private void Apply(string profile, string options)
    {
        Configure(profile, options);
        _host.Product("apply").OrThrow();
    }

    private void Configure(string profile, string options) => _host.Write(
        Laboratory.ConfigFile,
        _host.Config + $"\n[services.standin.vpn]\nnamespace = \"media\"\nhardeningProfile = \"{profile}\"\n{options}\n");

    private void Start() =>
        _host.Shell("systemctl start standin || { journalctl -q -n 20 -u standin >&2; exit 1; }").OrThrow();
}
