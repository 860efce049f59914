using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>What does not work is never shown as working: by 'apply', by 'status' and by the line that the watcher says of itself.</summary>
[Trait("guarantees", "S-39")]
[Collection("lab")]
public sealed class HealthTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system/";
    private const string Watcher = "vpn-confinement-watch@media.service";

    private readonly BadHostFixture _host;
    private readonly string _provider;

    public HealthTests(BadHostFixture host)
    {
        _host = host;
        _provider = host.Read(Laboratory.ProviderFile);
    }

    public void Dispose()
    {
        var world = _host.Laboratory.World;
        world.LoseProvider(false);
        world.PinnedResolver.Answer = Addresses.PinnedAnswer;
        _host.Write(Laboratory.ProviderFile, _provider);
        _host.Write(Laboratory.ConfigFile, _host.Config);
        _host.Shell("systemctl disable ends; for u in one two three ends; do systemctl stop $u; done 2>/dev/null; true").OrThrow();
        _host.Reset();
        _host.Shell($"rm -rf /etc/broken {Units}one.service {Units}two.service {Units}three.service {Units}ends.service; systemctl daemon-reload; systemctl reset-failed").OrThrow();
    }

    [Theory]
    [InlineData("^PublicKey.*$", "PublicKey = 3sYPcYzGgBcqCPNmeWSX1o0Pn9eJfJdJ9o4M3TNqPn4=")]
    [InlineData("^(Endpoint = .*):.*$", "$1:51999")]
    [InlineData("^Endpoint = .*:", "Endpoint = 203.0.113.77:")]
    public void A_tunnel_that_nobody_answers_is_blocked(string line, string instead)
    {
        _host.Shell("systemctl start downloader").OrThrow();
        _host.Write(Laboratory.ProviderFile, Regex.Replace(_provider, "(?m)" + line, instead));
        var applied = _host.Product("apply");
        Assert.True(applied.ExitCode == 4, applied.Summary);
        Assert.Contains("waiting for media", applied.Error, StringComparison.Ordinal);
        Assert.Contains("blocked: no handshake: the peer ", applied.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("done;", applied.Error, StringComparison.Ordinal);
        RequireStatus(4, "blocked: no handshake: the peer ");
        Assert.Equal("active", _host.Laboratory.Machine.UnitState("downloader.service"));

        // On the living tunnel a handshake of before does not count. A peer that is moved there may begin one itself, and is followed then.
        _host.Write(Laboratory.ProviderFile, _provider);
        _host.Product("apply").OrThrow();
        RequireStatus(0, "✓ wg0");
        _host.Write(Laboratory.ProviderFile, Regex.Replace(_provider, "(?m)" + line, instead));
        if (line.StartsWith("^PublicKey", StringComparison.Ordinal))
        {
            Assert.Equal(4, _host.Product("apply").ExitCode);
            RequireStatus(4, "blocked: no handshake: the peer ");
        }

        Assert.Equal(0, _host.Product("apply", "--no-wait").ExitCode);
    }

    [Fact]
    public void A_resolver_that_does_not_answer_is_blocked()
    {
        _host.Laboratory.World.PinnedResolver.Answer = null;
        _host.Shell("systemctl start downloader").OrThrow();
        var applied = _host.Product("apply");
        Assert.True(applied.ExitCode == 4, applied.Summary);
        Assert.Contains($"resolver  blocked: no answer from {Addresses.PinnedResolver}, so no name is resolved", applied.Error, StringComparison.Ordinal);
        RequireStatus(4, $"resolver  {Addresses.PinnedResolver}; blocked: no answer from {Addresses.PinnedResolver}");
        WaitUntilWatcherSays(said => said.Contains("no answer from the resolver", StringComparison.Ordinal));
        _host.Laboratory.World.PinnedResolver.Answer = Addresses.PinnedAnswer;
        _host.Product("apply").OrThrow();
        RequireStatus(0, Answers);
    }

    [Fact]
    public void A_provider_that_goes_away_under_a_service_that_sends_is_told_within_a_minute()
    {
        Works();
        _host.Laboratory.World.LoseProvider(true);
        var clock = Stopwatch.StartNew();
        var status = _host.Product("status");
        while (status.ExitCode == 0 && clock.Elapsed < LabHost.Patience(60))
        {
            _ = _host.Laboratory.Downloader.Send(Addresses.Web, 9);
            Thread.Sleep(1000);
            status = _host.Product("status");
        }

        Assert.True(status.ExitCode == 4, $"{status.Output} after {clock.Elapsed}");
        Assert.True(clock.Elapsed < LabHost.Patience(60), $"{clock.Elapsed}");
        Assert.Contains("blocked: no answer from the peer ", status.Output, StringComparison.Ordinal);
        WaitUntilWatcherSays(said => said.Contains("no answer from 1 of 1 peers", StringComparison.Ordinal));

        _host.Laboratory.World.LoseProvider(false);
        Eventually.See(
            "'status' ends with 0 again",
            () =>
            {
                _ = _host.Laboratory.Downloader.Send(Addresses.Web, 9);
                return _host.Product("status");
            },
            now => now.ExitCode == 0);
        WaitUntilWatcherSays(said => !said.Contains("no answer", StringComparison.Ordinal));
    }

    // Longer than a session lives; half an hour of it is tried by the clock of a unit test.
    [Fact]
    public void An_idle_tunnel_is_no_alarm()
    {
        Works();
        _host.Laboratory.World.LoseProvider(true);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("VPNC_FULL") == "1" ? 240 : 60))
        {
            Thread.Sleep(5000);
            RequireStatus(0, "✓ wg0");
            Assert.Equal("watching", WatcherSays());
        }

        _host.Laboratory.World.LoseProvider(false);
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        RequireStatus(0, "✓ wg0");
    }

    [Fact]
    public void A_service_that_does_not_start_keeps_no_other_from_its_start()
    {
        foreach (var name in (string[])["one", "two", "three"])
        {
            var broken = name == "two" ? "ExecStartPre=/bin/sh -c 'echo here is why >&2; ! test -e /etc/broken'\n" : "";
            _host.Write($"{Units}{name}.service", $"[Service]\nDynamicUser=yes\n{broken}ExecStart=/bin/sleep infinity\n");
        }

        _host.Shell("systemctl daemon-reload; systemctl start one two three; touch /etc/broken").OrThrow();
        _host.Write(Laboratory.ConfigFile, _host.Config + string.Concat(((string[])["one", "two", "three"]).Select(n => $"\n[services.{n}.vpn]\nnamespace = \"media\"\n")));
        var applied = _host.Product("apply");
        Assert.True(applied.ExitCode == 4, applied.Summary);
        Assert.Single(Regex.Matches(applied.Error, "Job for two.service failed"));
        Assert.Contains("did not start again: two.service", applied.Error, StringComparison.Ordinal);
        Assert.Contains("two.service  failed: it failed", applied.Error, StringComparison.Ordinal);
        Assert.Contains("    here is why", applied.Error, StringComparison.Ordinal);
        Assert.Equal("active active", _host.Shell("echo $(systemctl is-active one three)").Output.Trim());
        var status = _host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("✗ two.service  failed", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("cut short", status.Output, StringComparison.Ordinal);

        var runs = Runs();
        var again = _host.Product("apply");
        Assert.Equal(4, again.ExitCode);
        Assert.Contains("starting two.service\n", again.Error, StringComparison.Ordinal);
        Assert.Equal(runs, Runs());
        _host.Shell("rm /etc/broken; systemctl start two").OrThrow();
        _host.Product("apply").OrThrow();
        RequireStatus(0, "✓ two.service");

        string Runs() => _host.Shell("systemctl show -P InvocationID one three").OrThrow().Output;
    }

    [Fact]
    public void A_service_that_ends_at_once_has_failed_and_one_that_is_stopped_has_not()
    {
        // Of the target that the machine boots to: systemd forgets what nothing refers to, and with it when it ran.
        _host.Write(
            $"{Units}ends.service",
            "[Service]\nDynamicUser=yes\nExecStart=/bin/sh -c 'trap \"exit 0\" TERM; test -e /etc/broken && sleep 0.5 && exit 0; "
            + "while :; do sleep 0.1; done'\n[Install]\nWantedBy=vpnc-lab.target\n");
        _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.ends.vpn]\nnamespace = \"media\"\n");
        _host.Shell("systemctl daemon-reload; systemctl enable --now ends").OrThrow();
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl restart ends; sleep 1; systemctl stop ends; sleep 2").OrThrow();
        RequireStatus(0, "· ends.service  inactive");
        _host.Shell("touch /etc/broken; systemctl start downloader ends; sleep 2").OrThrow();
        _host.WaitForStatus(4, "✗ ends.service  inactive; failed: it ended by itself ");
    }

    [Fact]
    public void A_name_that_is_mistyped_while_the_real_service_runs_unconfined_has_failed()
    {
        _host.Write(Laboratory.ConfigFile, _host.Config.Replace("services.downloader.", "services.downlaoder.", StringComparison.Ordinal));
        _host.Shell("systemctl start downloader").OrThrow();
        const string Said = "failed: it is not installed, and downloader.service, of a like name, runs unconfined";
        var applied = _host.Product("apply");
        Assert.True(applied.ExitCode == 4, applied.Summary);
        Assert.Contains(Said, applied.Error, StringComparison.Ordinal);
        RequireStatus(4, "✗ downlaoder.service  not-found; " + Said);
        _host.Shell("systemctl stop downloader").OrThrow();
        RequireStatus(0, "· downlaoder.service  not-found");
    }

    [Fact]
    public void A_configuration_that_is_edited_or_broken_and_not_applied_is_told()
    {
        Works();
        _host.Write(Laboratory.ConfigFile, _host.Config.Replace("[9091]", "[9099]", StringComparison.Ordinal));
        RequireStatus(4, "was changed and not applied");
        _host.Write(Laboratory.ConfigFile, _host.Config + "bogus = 1\n");
        RequireStatus(4, "the configuration is refused (VPC002 at /etc/vpn-confinement/config.toml:");
        _host.Write(Laboratory.ConfigFile, _host.Config);
        _host.Write(Laboratory.ProviderFile, _provider.Replace(":51820", ":51999", StringComparison.Ordinal));
        RequireStatus(4, "was changed and not applied");
        _host.Write(Laboratory.ProviderFile, _provider);
        RequireStatus(0, "✓ media");
    }

    [Fact]
    public void What_the_watcher_cannot_write_down_is_not_known()
    {
        const string Record = "/run/vpn-confinement/media.health";
        const string InTheWay = "/run/vpn-confinement/.media.health.vpn-confinement-new";
        var began = _host.Now();
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start downloader").OrThrow();
        Eventually.Holds("the watcher has written down what it found", () => _host.Exists(Record));
        _host.Shell($"mkdir {InTheWay}").OrThrow();
        try
        {
            Eventually.See(
                "'status' does not know whether the resolver answers",
                () =>
                {
                    _ = _host.Laboratory.Downloader.Resolve("written.example");
                    return _host.Product("status");
                },
                said => said.ExitCode == 5 && said.Output.Contains("? resolver", StringComparison.Ordinal));
            Assert.False(_host.Exists(Record));
            Assert.Single(Regex.Matches(_host.Entries("health-unwritten", began), "is not written down"));
        }
        finally
        {
            _host.Shell($"rmdir {InTheWay}").OrThrow();
        }

        _host.WaitForStatus(0, Answers);
    }

    [Fact]
    public void A_resolver_whose_traffic_is_not_counted_is_not_known()
    {
        const string Table = "table inet vpnc_traffic";
        Works();
        var began = _host.Now();

        // What another program owns, the watcher can neither delete nor make anew.
        const string Own = $"(echo 'delete {Table}; add {Table} {{ flags owner; }}'; sleep 600)";
        _host.Shell("systemd-run --quiet --unit=holder "
            + $"nsenter --net=/run/netns/media sh -c \"{Own} | nft -i\"").OrThrow();
        _host.WaitForEntry("traffic-uncounted", began);
        _host.WaitForStatus(5, "? resolver");
        WaitUntilWatcherSays(said => said.Contains("is not counted", StringComparison.Ordinal));

        // It tries again after a minute by itself.
        _host.Shell($"systemctl stop holder; systemctl restart {Watcher}").OrThrow();
        _host.WaitForStatus();
    }

    [Fact]
    public void Its_json_has_each_part_with_its_state()
    {
        Works();
        using var status = JsonDocument.Parse(_host.Product("status", "--json").OrThrow().Output);
        Assert.Equal("working", status.RootElement.GetProperty("state").GetString());
        var health = status.RootElement.GetProperty("namespaces")[0].GetProperty("health").EnumerateArray()
            .ToDictionary(h => h.GetProperty("kind").GetString()!, h => (h.GetProperty("name").GetString(), h.GetProperty("state").GetString()));
        Assert.Equal(("media", "working"), health["namespace"]);
        Assert.Equal(("wg0", "working"), health["tunnel"]);
        Assert.Equal(("resolver", "working"), health["resolver"]);
        Assert.Equal(("downloader.service", "working"), health["service"]);
    }

    private static string Answers => $"resolver  {Addresses.PinnedResolver}; it answers";

    // Up, with everything as it should be, and its counters known to the watcher.
    private void Works()
    {
        _host.Shell("systemctl start downloader").OrThrow();
        _host.Product("apply").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");

        // What was asked before the watcher counts is not known to it.
        Eventually.See(
            "the resolver answers",
            () =>
            {
                _ = _host.Laboratory.Downloader.Resolve("works.example");
                return _host.Product("status");
            },
            said => said.ExitCode == 0 && said.Output.Contains(Answers, StringComparison.Ordinal));
        WaitUntilWatcherSays(said => said == "watching");
    }

    private void RequireStatus(int exitCode, string said)
    {
        var status = _host.Product("status");
        Assert.True(status.ExitCode == exitCode && status.Output.Contains(said, StringComparison.Ordinal), $"{status.ExitCode}\n{status.Output}");
    }

    // systemd takes what the watcher says a moment after that has said it.
    private void WaitUntilWatcherSays(Func<string, bool> isIt) =>
        Eventually.See("what the watcher says", WatcherSays, isIt);

    private string WatcherSays() => _host.Shell($"systemctl show -P StatusText {Watcher}").OrThrow().Output.Trim();
}
