using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// <c>verify</c> while an <c>apply</c> changes the host, and while a watcher repairs it: what it says is true, or it
/// says that it cannot tell.
/// </summary>
[Trait("guarantees", "S-40")]
[Collection("lab")]
public sealed class VerifyBesideTests(PartsMachine machine) : IClassFixture<PartsMachine>, IDisposable
{
    private const string Loop = "/run/beside";
    private const string Meanwhile = "while it was looked at";
    private static readonly string[] OfServices = ["processes", "resolver-files", "sockets", "canaries"];

    private readonly BadHostFixture _host = machine.Host;
    private readonly string _captures = Captures(machine.Host);

    public void Dispose()
    {
        EndLoop();
        _host.Shell("rm -f /root/beside-*.toml").OrThrow();
        _host.Product("apply").OrThrow();
    }

    // The first is changed in place, with the next the service is stopped and comes back.
    [Fact]
    public void Beside_an_apply_nothing_fails_and_what_changed_is_told()
    {
        machine.BeginWatched();
        _host.WaitForStatus();
        var config = _host.Read(Laboratory.ConfigFile);
        _host.Write("/root/beside-1.toml", With("ingress.fromTunnel.tcp = [51413]"));
        _host.Write("/root/beside-2.toml", With("dns.servers = [\"10.64.0.1\", \"10.64.0.99\"]"));
        _host.Write("/root/beside-3.toml", config);
        try
        {
            BeginLoop(
                $"for i in 1 2 3; do cp /root/beside-$i.toml {Laboratory.ConfigFile}; vpn-confinement apply --no-wait; "
                + "done");
            var found = VerifyTimes(5);
            EndLoop();
            Assert.All(found, f => Assert.DoesNotContain(f.Lines, l => l.Outcome == "fail"));
            Assert.Contains(found, f => f.Status == 5 && f.Told.Contains(Meanwhile, StringComparison.Ordinal));
        }
        finally
        {
            EndLoop();
            _host.Write(Laboratory.ConfigFile, config);
        }

        _host.Product("apply").OrThrow();
        RequireSame();

        string With(string line) => config.Replace(
            "publishToHost.tcp = [9091]", $"publishToHost.tcp = [9091]\n{line}", StringComparison.Ordinal);
    }

    // Damage was there where a part or a state fails. Nothing left, and no process was ever outside.
    [Fact]
    public void Beside_a_repair_no_service_is_said_to_leak()
    {
        machine.BeginWatched();
        _host.WaitForStatus();
        BeginLoop(
            "for i in 1 2 3; do nsenter --net=/run/netns/media -- nft flush ruleset; sleep 5; "
            + $"nft delete table inet $(nft list tables | grep -o 'vpnc.*' | head -n 1); sleep 5; done; rm -f {Loop}");
        var found = VerifyTimes(5);
        EndLoop();
        Assert.All(found, f => Assert.DoesNotContain(
            f.Lines, l => l.Outcome == "fail" && OfServices.Contains(l.Check)));
        RequireSame();
    }

    private List<VerifyOutput> VerifyTimes(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => VerifyOutput.Of(_host, "media"))];

    private void BeginLoop(string round) => _host.Shell(
        $"touch {Loop}; (while [ -e {Loop} ]; do {round}; done; touch {Loop}.ended) > /dev/null 2>&1 &").OrThrow();

    private void EndLoop()
    {
        if (_host.Exists(Loop) || _host.Exists(Loop + ".ended"))
        {
            _host.Shell($"rm -f {Loop}").OrThrow();
            Eventually.See("the loop ends", () => _host.Exists(Loop + ".ended"), ended => ended);
            _host.Shell($"rm -f {Loop}.ended").OrThrow();
        }
    }

    // The lab's own among them.
    private static string Captures(BadHostFixture host) => host.Shell("wc -l < /proc/net/packet").OrThrow().Output;

    // As before, and nothing of a run is left.
    private void RequireSame()
    {
        _host.WaitUntilWhole();
        var after = VerifyOutput.Of(_host, "media");
        Assert.True(after.Status == 0, after.Told);
        Assert.Equal("", _host.Shell("pgrep -f '[v]erify-probe' || true").OrThrow().Output);
        Assert.Equal(_captures, Captures(_host));
        Assert.Equal("media", _host.Shell("ls /run/netns").OrThrow().Output.Trim());
    }
}
