using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>A change is all or nothing, and what was applied before comes back: by command, by itself when it fails, and by itself when nobody confirms it.</summary>
[Trait("guarantees", "S-31")]
public sealed partial class TransactionTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string State = "/var/lib/vpn-confinement/";
    private const string Generations = State + "generations/";
    private const string Timer = "vpn-confinement-confirm.timer";
    private const string Ruleset = State + "namespaces/media/ruleset.nft";

    private readonly BadHostFixture _host;
    private readonly string _provider;
    private readonly UplinkWatch _watch;

    public TransactionTests(BadHostFixture host)
    {
        _host = host;
        _provider = host.Read(Laboratory.ProviderFile);
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        _watch = UplinkWatch.Begin(host.Laboratory);
    }

    public void Dispose()
    {
        _host.Write(Laboratory.ProviderFile, _provider);
        _host.Reset();
    }

    [Fact]
    public void Rollback_brings_back_what_was_applied_before()
    {
        var before = Installed();
        ChangePort("9099");
        _host.Product("apply").OrThrow();
        Assert.Contains("9099", _host.Read(Ruleset), StringComparison.Ordinal);

        _host.Product("rollback").OrThrow();
        Assert.Equal(before, Installed());
        WorksAsBefore();
        var kept = _host.Product("rollback", "--list").OrThrow().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, kept.Length);
        Assert.EndsWith("media; 1 unit confined  (applied)", kept[0], StringComparison.Ordinal);

        _host.Product("rollback", "--to", "2").OrThrow();
        Assert.Contains("9099", _host.Read(Ruleset), StringComparison.Ordinal);
        WorksConfined();
        NothingGotOut();
    }

    [Fact]
    public void A_key_comes_back_with_its_generation()
    {
        var key = _host.Read(State + "secrets/wg0.key");
        _host.Write(Laboratory.ProviderFile, _provider.Replace(key.Trim(), Convert.ToBase64String([8, .. Enumerable.Repeat((byte)64, 31)]), StringComparison.Ordinal));
        _host.Product("apply", "--no-wait").OrThrow();
        var other = _host.Read(State + "secrets/wg0.key");
        Assert.NotEqual(key, other);
        Assert.Equal(key, _host.Shell($"cat {Generations}keys/*").OrThrow().Output);
        _host.Product("rollback").OrThrow();
        Assert.Equal(key, _host.Read(State + "secrets/wg0.key"));
        Assert.Equal(other, _host.Shell($"cat {Generations}keys/*").OrThrow().Output);
        Assert.Equal("700 600 700 600", _host.Shell($"echo $(stat -c %a {Generations} {Generations}1 {Generations}keys {Generations}keys/*)").OrThrow().Output.Trim());
        WorksAsBefore();
    }

    [Fact]
    public void A_change_that_fails_is_taken_back_whole()
    {
        var before = Installed();
        try
        {
            ListenOnTakenPort();
            var result = _host.Product("apply");
            Assert.Equal(3, result.ExitCode);
            Assert.Contains("everything is back as it was before (generation 1)", result.Error, StringComparison.Ordinal);
            Assert.Equal(before, Installed());
            WorksAsBefore();
            NothingGotOut();
        }
        finally
        {
            _host.Shell("systemctl stop port-holder").OrThrow();
        }

        _host.Product("apply").OrThrow();
        WorksConfined();
    }

    [Fact]
    public void A_change_that_fails_does_not_take_a_confinement_away()
    {
        try
        {
            ListenOnTakenPort();
            _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.ordinary.vpn]\nnamespace = \"media\"\n");
            _host.Shell("systemctl start ordinary").OrThrow();
            var result = _host.Product("apply");
            Assert.Equal(3, result.ExitCode);
            Assert.Contains("going back would take the confinement of ordinary.service away, so the new configuration stays", result.Error, StringComparison.Ordinal);
            Assert.False(_host.Shell("systemctl start ordinary").Succeeded);
            Assert.False(_host.Shell("systemctl start downloader").Succeeded);
            var refused = _host.Product("rollback");
            Assert.True(refused.ExitCode == 1, refused.Error);
            Assert.Contains("would lose their confinement: ordinary.service", refused.Error, StringComparison.Ordinal);
            _host.Product("rollback", "--allow-unconfine").OrThrow();
            Assert.Equal("inactive", _host.Laboratory.Machine.UnitState("ordinary.service"));
            WorksAsBefore();
            NothingGotOut();
        }
        finally
        {
            _host.Shell("systemctl stop port-holder ordinary").OrThrow();
        }
    }

    [Fact]
    public void An_apply_that_is_killed_before_it_is_through_goes_back_by_itself()
    {
        var before = Installed();

        // Before the manifest says that services are starting, and before it says that all is through.
        foreach (var (write, port) in new[] { (2, "9098"), (3, "9099") })
        {
            ChangePort(port);
            var killed = _host.Shell($"exec strace -qq -o /dev/null -P {State}.manifest.json.vpn-confinement-new -e trace=rename -e inject=rename:signal=KILL:when={write} {Laboratory.Product} apply --confirm 15");
            Assert.True(killed.ExitCode is 137 or -1 or 9, killed.Summary);
            Assert.NotEqual(before, Installed());
            Assert.NotEqual("", Leftovers());
            WaitForNoLeftovers();
            Assert.Equal(before, Installed());
            WorksAsBefore();
        }

        _host.Write(Laboratory.ConfigFile, _host.Config);
        _host.Product("apply").OrThrow();
        Assert.Equal("", Leftovers());

        NothingGotOut();
    }

    [Fact]
    public void What_nobody_confirmed_goes_back_after_a_boot()
    {
        var before = Installed();
        ChangePort("9099");
        _host.Product("apply", "--confirm", "20").OrThrow();
        _host.Shell("systemctl reboot");
        _host.Laboratory.Machine.WaitForEnd();
        NothingGotOut();
        var watch = _host.Laboratory.BootAgain();
        Assert.Contains("9099", _host.Read(Ruleset), StringComparison.Ordinal);
        _host.Shell("systemctl start downloader").OrThrow();
        GoesBack(before);
        watch.RequireTunnelOnly("booted");
    }

    [Fact]
    public void Going_back_by_itself_needs_something_to_go_back_to_and_takes_no_confinement_away()
    {
        _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.ordinary.vpn]\nnamespace = \"media\"\n");
        var refused = _host.Product("apply", "--confirm", "5");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("would take the confinement of ordinary.service away again; add --allow-unconfine", refused.Error, StringComparison.Ordinal);
        Assert.Equal("", Leftovers());
        _host.Reset();
        refused = _host.Product("apply", "--confirm", "5");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("nothing was applied before", refused.Error, StringComparison.Ordinal);
        Assert.False(_host.Exists(State));
    }

    [Fact]
    public void The_same_change_applied_again_with_confirm_is_not_confirmed_by_that()
    {
        var before = Installed();
        ChangePort("9099");
        _host.Product("apply", "--confirm", "600").OrThrow();
        Assert.Contains("nothing to do; run 'vpn-confinement confirm' within 6 seconds", _host.Product("apply", "--confirm", "6").OrThrow().Error, StringComparison.Ordinal);
        GoesBack(before);
        NothingGotOut();
    }

    [Fact]
    public void Going_back_over_several_changes_needs_the_consent_for_all_of_them()
    {
        var ordinary = _host.Config + "\n[services.ordinary.vpn]\nnamespace = \"media\"\n";
        _host.Write(Laboratory.ConfigFile, ordinary);
        _host.Product("apply", "--confirm", "600", "--allow-unconfine").OrThrow();
        _host.Write(Laboratory.ConfigFile, ordinary.Replace("[9091]", "[9099]", StringComparison.Ordinal));
        var refused = _host.Product("apply", "--confirm", "600");
        Assert.True(refused.ExitCode == 3, refused.Error);
        Assert.Contains("would take the confinement of ordinary.service away again; add --allow-unconfine", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("9099", _host.Read(Ruleset), StringComparison.Ordinal);
    }

    [Fact]
    public void A_consent_to_go_back_is_none_for_a_service_that_a_later_change_confines()
    {
        try
        {
            ChangePort("9099");
            _host.Product("apply", "--confirm", "600", "--allow-unconfine").OrThrow();
            ListenOnTakenPort();
            _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.ordinary.vpn]\nnamespace = \"media\"\n");
            Assert.Contains("so the new configuration stays", _host.Product("apply").Error, StringComparison.Ordinal);
            var refused = _host.Product("rollback", "--unconfirmed");
            Assert.True(refused.ExitCode == 1, refused.Error);
            Assert.False(_host.Shell("systemctl start ordinary").Succeeded);
            NothingGotOut();
        }
        finally
        {
            _host.Shell("systemctl stop port-holder ordinary").OrThrow();
        }
    }

    [Fact]
    public void A_change_that_takes_longer_than_its_time_can_still_be_confirmed()
    {
        _host.Shell("mkdir -p /run/systemd/system/downloader.service.d; printf '[Service]\\nExecStop=/bin/sleep 9\\n' > /run/systemd/system/downloader.service.d/slow.conf; systemctl daemon-reload").OrThrow();
        try
        {
            ChangePort("9099");
            _host.Product("apply", "--confirm", "8").OrThrow();
            Assert.Equal("inactive", _host.Laboratory.Machine.UnitState("vpn-confinement-confirm.service"));
            _host.Product("confirm").OrThrow();
            Assert.Contains("9099", _host.Read(Ruleset), StringComparison.Ordinal);
        }
        finally
        {
            _host.Shell("rm -r /run/systemd/system/downloader.service.d; systemctl daemon-reload").OrThrow();
        }
    }

    [Fact]
    public void What_never_was_through_is_nothing_to_go_back_to()
    {
        var before = Installed();
        const string InTheWay = "/etc/systemd/system/" + Timer;
        _host.Write(InTheWay, "[Timer]\nOnActiveSec=1d\n");
        ChangePort("9097");
        Assert.Equal(3, _host.Product("apply", "--confirm", "5").ExitCode);
        _host.Shell($"rm {InTheWay}; systemctl daemon-reload").OrThrow();
        _host.Shell("mkdir -p /run/systemd/system/downloader.service.d; printf '[Service]\\nExecStop=/bin/sleep 9\\n' > /run/systemd/system/downloader.service.d/slow.conf; systemctl daemon-reload").OrThrow();
        try
        {
            ChangePort("9098");
            // While the service is being stopped.
            _host.Shell(
                $"{Laboratory.Product} apply & "
                + $"for i in $(seq 600); do grep -q 9098 {Ruleset} && break; sleep 0.1; done; kill -KILL $!; wait");
        }
        finally
        {
            _host.Shell("rm -r /run/systemd/system/downloader.service.d; systemctl daemon-reload").OrThrow();
        }

        Assert.Contains("9098", _host.Read(Ruleset), StringComparison.Ordinal);
        ChangePort("9099");
        _host.Product("apply").OrThrow();
        _host.Product("rollback").OrThrow();
        Assert.Equal(before, Installed());
        WorksAsBefore();
        NothingGotOut();
    }

    [Fact]
    public void Going_back_by_itself_needs_the_keys_to_go_back_to()
    {
        _host.Write(State + "secrets/wg0.key", Convert.ToBase64String([8, .. Enumerable.Repeat((byte)64, 31)]) + "\n");
        ChangePort("9099");
        var refused = _host.Product("apply", "--confirm", "600");
        Assert.True(refused.ExitCode == 3, refused.Error);
        Assert.Contains("is not kept any more", refused.Error, StringComparison.Ordinal);
        Assert.Equal("", Leftovers());
    }

    [Theory]
    [InlineData("truncate -s 100 " + Generations + "1", "is damaged")]
    [InlineData("rm " + Generations + "1", "cannot be read")]
    public void A_damaged_generation_is_named_and_kept_anew_by_the_next_apply(string damage, string reason)
    {
        _host.Shell(damage).OrThrow();
        var status = _host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains(reason, status.Output, StringComparison.Ordinal);
        ChangePort("9099");
        Assert.Contains(reason, _host.Product("apply", "--confirm", "5").Error, StringComparison.Ordinal);
        _host.Write(Laboratory.ConfigFile, _host.Config);
        _host.Product("apply").OrThrow();
        Assert.Equal(0, _host.Product("status").ExitCode);
        ChangePort("9099");
        _host.Product("apply").OrThrow();
        _host.Product("rollback").OrThrow();
        WorksAsBefore();
    }

    [Fact]
    public void Remove_takes_an_unconfirmed_change_and_all_generations_with_it()
    {
        ChangePort("9099");
        _host.Product("apply", "--confirm", "60").OrThrow();
        _host.Reset();
        Assert.Equal("", Leftovers());
        Assert.False(_host.Exists(State));
    }

    private void GoesBack(string before)
    {
        WaitForNoLeftovers();
        Assert.Equal(before, Installed());
        WorksAsBefore();
    }

    private void DownloadsConfined()
    {
        _host.Laboratory.Machine.RequireUnit("downloader.service", "active");
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
    }

    private void WorksConfined()
    {
        DownloadsConfined();
        var status = _host.Product("status");
        Assert.True(status.ExitCode == 0, status.Output);
    }

    // All but that the configuration is another one by now, which is said.
    private void WorksAsBefore()
    {
        DownloadsConfined();
        _host.WaitForStatus(4, "was changed and not applied");
        Eventually.See(
            "everything but the configuration works",
            () => _host.Product("status", "--json").Output,
            said =>
            {
                using var json = System.Text.Json.JsonDocument.Parse(said);
                return json.RootElement.GetProperty("health").EnumerateArray().All(part =>
                    part.GetProperty("name").GetString() is "configuration"
                    || part.GetProperty("state").GetString() is "working" or "idle");
            });
    }

    private void NothingGotOut()
    {
        _watch.RequireTunnelOnly("changed");
    }

    // With a resolver more, which takes the tunnel down and up again.
    private void ChangePort(string port) => _host.Write(Laboratory.ConfigFile, _host.Config.Replace("[9091]", $"[{port}]\ndns.servers = [\"{Addresses.PinnedResolver}\", \"10.64.0.99\"]", StringComparison.Ordinal));

    private void ListenOnTakenPort()
    {
        _host.HoldPort();
        _host.Write(Laboratory.ProviderFile, _provider.Replace("[Interface]\n", "[Interface]\nListenPort = 51999\n", StringComparison.Ordinal));
    }

    private string Installed() => _host.Shell(
        $"find /etc/systemd/system {State} -path '{Generations}*' -prune -o -type f ! -name manifest.json ! -name 'vpn-confinement-confirm.*' ! -name pending.json -print | sort | xargs sha256sum; find /etc/systemd/system -type l ! -name 'vpn-confinement-confirm.*' -printf '%p %l\\n' | sort; grep -v '\"generation\"' {State}manifest.json").OrThrow().Output;

    private void WaitForNoLeftovers() => Eventually.See(
        "nothing waits to be confirmed", Leftovers, left => left.Length == 0, () => _host.Laboratory.Machine.Told(Timer));

    private string Leftovers() => _host.Shell($"ls -d {State}pending.json /etc/systemd/system/vpn-confinement-confirm.* /etc/systemd/system/*.wants/vpn-confinement-confirm.* 2>/dev/null; systemctl list-units -q --all --plain '{Timer}'").Output;
}
