namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What <c>verify</c> says of a machine that is whole, of one whose tunnel is gone, and of one in which somebody
/// planted a way out under the running service. Without the plant the same line passes, which each test sees first.
/// </summary>
[Trait("guarantees", "S-40")]
[Collection("lab")]
public sealed partial class VerifyTests(PartsMachine machine) : IClassFixture<PartsMachine>, IDisposable
{
    private const string Unit = "downloader.service";
    private const string Group = "/sys/fs/cgroup/system.slice/" + Unit;
    private const string Inside = "nsenter --net=/run/netns/media -- ";
    private const string InnerEnd = PartsMachine.InnerEnd;
    private const string Program = "/root/plant.py";

    private readonly BadHostFixture _host = machine.Host;

    public void Dispose()
    {
        _host.Shell(
            $"[ ! -e /run/planted ] || kill -KILL $(cat /run/planted); rm -f /run/planted {Program}; "
            + $"systemctl thaw {Unit} 2>/dev/null; true").OrThrow();
        _host.Product("apply").OrThrow();
        _host.Shell($"systemctl restart {Unit}").OrThrow();
    }

    [Fact]
    public void A_machine_that_is_whole_passes_and_is_the_same_afterwards()
    {
        machine.BeginWatched();
        _host.WaitForStatus();
        var before = Everything();
        var (status, lines) = Verify();
        Assert.True(status == 0, Told(lines));
        Assert.All(lines, l => Assert.Equal("pass", l.Outcome));
        foreach (var check in (string[])["processes", "resolver-files", "sockets", "canaries"])
        {
            Assert.Single(lines, l => l.Check == check && l.Subject == Unit);
        }

        Assert.Single(lines, l => l.Check == "resolver-tcp");
        Assert.Contains(lines, l => l.Check == "state" && l.Evidence.Contains("handshake", StringComparison.Ordinal));
        Assert.Equal(before, Everything());
        var text = _host.Product("verify", Unit);
        Assert.True(text.ExitCode == 0, text.Summary);
        Assert.Contains("pass: ", text.Output, StringComparison.Ordinal);
        Assert.Equal(2, _host.Product("verify", "downloadr").ExitCode);
    }

    [Theory]
    [InlineData("fe80::1%lo")]
    [InlineData("::ffff:203.0.113.54")]
    public void A_resolver_of_the_host_may_be_written_in_any_form(string resolver)
    {
        machine.BeginWatched();
        var before = _host.Read("/etc/resolv.conf");
        _host.Shell($"echo nameserver {resolver} >> /etc/resolv.conf").OrThrow();
        try
        {
            var (status, lines) = Verify();
            Assert.True(status == 0, Told(lines));
        }
        finally
        {
            File.WriteAllText(_host.Laboratory.Machine.Root + "/etc/resolv.conf", before);
        }
    }

    [Fact]
    public void With_the_tunnel_gone_nothing_works_and_nothing_leaves()
    {
        machine.BeginUnwatched();
        _host.Shell("ip -n media link del wg0").OrThrow();
        var (status, lines) = Verify();
        Assert.Equal(4, status);
        Assert.Contains(lines, l => l is { Aspect: "works", Outcome: "fail" });
        Assert.All(lines.Where(l => l.Aspect == "leak"), l => Assert.Equal("pass", l.Outcome));
        Assert.Single(lines, l => l.Aspect == "leak");
    }

    [Fact]
    public void A_process_that_was_moved_out_fails()
    {
        machine.BeginUnwatched();
        RequirePass("processes");
        Plant("sleep 1000 &");
        RequireFail("processes", "is outside its namespace");
    }

    [Fact]
    public void One_thread_that_was_moved_out_fails()
    {
        machine.BeginUnwatched();
        RequirePass("processes");
        _host.Write(Program, """
            import ctypes, os, threading, time
            def leave():
                with open("/proc/1/ns/net") as host:
                    assert ctypes.CDLL(None).setns(host.fileno(), 0x40000000) == 0
                open("/run/moved", "w").close()
                time.sleep(1000)
            threading.Thread(target=leave).start()
            time.sleep(1000)

            """);
        Plant($"rm -f /run/moved; {Inside}python3 {Program} & until [ -e /run/moved ]; do sleep 0.1; done;");
        RequireFail("processes", "thread ");
    }

    [Fact]
    [Trait("damage", "service view: altered")]
    public void A_resolver_file_of_the_host_under_the_running_service_fails()
    {
        machine.BeginUnwatched();
        RequirePass("resolver-files");
        _host.Shell("cp /etc/resolv.conf /etc/new && mv /etc/new /etc/resolv.conf").OrThrow();
        RequireFail("resolver-files", "sees /etc/resolv.conf that is not the pinned one (it names 203.0.113.53)");
    }

    [Fact]
    [Trait("damage", "service sockets: added")]
    public void A_socket_of_the_host_that_was_handed_in_fails()
    {
        machine.BeginUnwatched();
        RequirePass("sockets");
        _host.Write(Program, """
            import ctypes, socket, time
            handed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            with open("/run/netns/media") as netns:
                assert ctypes.CDLL(None).setns(netns.fileno(), 0x40000000) == 0
            open("/run/moved", "w").close()
            time.sleep(1000)

            """);
        Plant($"rm -f /run/moved; python3 {Program} & until [ -e /run/moved ]; do sleep 0.1; done;");
        RequireFail("sockets", "is a socket (IPv4) of another network than its namespace");
        RequirePass("processes");
    }

    // Neither is in the list of descriptors that its process shows.
    [Theory]
    [InlineData("threading.Thread(target=alone).start(); time.sleep(1000)", "sockets", "descriptors of its own")]
    [InlineData(
        "threading.Thread(target=alone).start(); time.sleep(1); libc.pthread_exit(None)", "sockets",
        "descriptors of its own")]
    public void What_a_thread_keeps_for_itself_is_not_passed(string plant, string check, string said)
    {
        machine.BeginUnwatched();
        RequirePass(check);
        _host.Write(Program, $$"""
            import ctypes, socket, threading, time
            libc = ctypes.CDLL(None)
            def alone():
                assert libc.unshare(0x400) == 0
                kept = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                open("/run/moved", "w").close()
                time.sleep(1000)
            {{plant}}

            """);
        Plant($"rm -f /run/moved; {Inside}python3 {Program} & until [ -e /run/moved ]; do sleep 0.1; done;");
        Thread.Sleep(TimeSpan.FromSeconds(1.5));
        RequireNotPassed(check, said);
    }

    [Theory]
    [InlineData(Inside + "nft flush ruleset", "the ruleset of namespace media is not the one")]
    [InlineData(Inside + "nft insert rule inet vpnc output accept", "the ruleset of namespace media is not the one")]
    [InlineData(
        Inside + "nft add element inet vpnc dns_servers_v4 '{ 203.0.113.53 }'", "the ruleset of namespace media")]
    [InlineData(Inside + "ip route add 203.0.113.0/24 via 169.254.77.5", "has the route to 203.0.113.0/24")]
    [InlineData(Inside + "ip route add default via 169.254.77.5 metric 9", "has the route to 0.0.0.0/0")]
    [InlineData("ip address add 169.254.99.7/16 dev " + PartsMachine.HostEnd, "has the address 169.254.99.7/16")]
    [InlineData(
        "ip link add elsewhere type bridge; ip link set " + PartsMachine.HostEnd + " master elsewhere",
        "is a port of elsewhere")]
    public void A_part_that_was_undone_fails(string plant, string said)
    {
        machine.BeginUnwatched();
        Assert.All(Verify().Lines.Where(l => l.Check == "parts"), l => Assert.Equal("pass", l.Outcome));
        _host.Shell(plant).OrThrow();
        var (status, lines) = Verify();
        Assert.Equal(4, status);
        Assert.Contains(
            lines,
            l => l is { Check: "parts", Outcome: "fail" } && l.Evidence.Contains(said, StringComparison.Ordinal));
        _host.Shell("ip link del elsewhere 2>/dev/null || true").OrThrow();
    }

    // With nothing left that refuses it, a packet to the host's end of the host link is on the wire.
    [Fact]
    public void A_packet_on_a_link_of_the_host_fails()
    {
        machine.BeginUnwatched();
        RequirePass("canaries");
        _host.Shell($"{Inside}nft flush ruleset; tc qdisc del dev {PartsMachine.HostEnd} clsact; "
            + $"{Inside}tc qdisc del dev {InnerEnd} clsact").OrThrow();
        RequireFail("canaries", $"on {PartsMachine.HostEnd} of the host");
    }

    [Fact]
    public void A_frozen_service_is_inconclusive_and_nobody_waits_for_it()
    {
        machine.BeginUnwatched();
        _host.Shell($"systemctl freeze {Unit}").OrThrow();
        var (_, lines) = Verify();
        var line = Assert.Single(lines, l => l.Check == "canaries" && l.Subject == Unit);
        Assert.Equal("inconclusive", line.Outcome);
        _host.Shell($"systemctl thaw {Unit}").OrThrow();
        Assert.Equal("", _host.Shell("pgrep -f '[v]erify-probe' || true").OrThrow().Output);
    }

    private void RequirePass(string check) => Assert.Equal("pass", Line(check).Outcome);

    private void RequireFail(string check, string said)
    {
        var (status, lines) = RequireSaid(check, "fail", said);
        Assert.Equal(4, status);
        Assert.All(lines.Where(l => l.Outcome != "pass"), l => Assert.NotNull(l.NextStep));
    }

    private void RequireNotPassed(string check, string said) =>
        Assert.NotEqual(0, RequireSaid(check, "inconclusive", said).Status);

    private (int Status, List<VerifyOutput.Line> Lines) RequireSaid(string check, string outcome, string said)
    {
        var found = Verify();
        Assert.True(
            found.Lines.Exists(l => l.Check == check && l.Outcome == outcome
                && l.Evidence.Contains(said, StringComparison.Ordinal)),
            Told(found.Lines));
        return found;
    }

    private VerifyOutput.Line Line(string check) => Assert.Single(Verify().Lines, l => l.Check == check && l.Subject == Unit);

    // A process of the test's own becomes one of the service's; it keeps nothing open that the shell is waited for by.
    private void Plant(string start) => _host.Shell(
        $"exec > /dev/null 2>&1; {start} echo $! > /run/planted; cat /run/planted > {Group}/cgroup.procs").OrThrow();

    private (int Status, List<VerifyOutput.Line> Lines) Verify()
    {
        var (status, lines) = VerifyOutput.Of(_host, "media");
        return (status, lines);
    }

    // Rules, routes, addresses and tables without counters, of the host and of the namespace; the host's settings;
    // files, units and control groups.
    private string Everything()
    {
        const string Network =
            "ip rule; ip -6 rule; ip -d route show table all; ip -6 -d route show table all; ip -d address; "
            + "nft -s list ruleset; tc filter show dev " + PartsMachine.HostEnd + " ingress | grep -v -e Sent -e used";
        return _host.Shell(
            $"{Network}; {Inside}sh -c '{Network.Split("; tc")[0]}'; "
            + "grep -r . /proc/sys/net 2>/dev/null | grep -v nf_conntrack_count | sort; "
            + "find /sys/fs/cgroup/system.slice -type d | sort; ls -l /etc/resolv.conf /run/netns; "
            + "find /etc/systemd/system /etc/vpn-confinement /var/lib/vpn-confinement -type f -exec sha256sum {} + "
            + "| sort; "
            + "systemctl list-units --plain --no-legend --all --type=service,socket,timer,path").OrThrow().Output;
    }

    private static string Told(List<VerifyOutput.Line> lines) => new VerifyOutput(0, lines).Told;
}
