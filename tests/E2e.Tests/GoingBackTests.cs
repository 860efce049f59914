using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>Where going back leads, what comes back with it, and what is said where it cannot go on.</summary>
[Trait("guarantees", "S-31")]
public sealed class GoingBackTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Manifest = "/var/lib/vpn-confinement/manifest.json";
    private const string Ruleset = "/var/lib/vpn-confinement/namespaces/media/ruleset.nft";
    private const int MostKept = 10;

    // The configuration that was applied, where the installed one is another by now.
    private const string Applied = "/root/applied.toml";

    private readonly BadHostFixture _host;
    private readonly string _provider;

    public GoingBackTests(BadHostFixture host)
    {
        _host = host;
        _provider = host.Read(Laboratory.ProviderFile);
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
    }

    public void Dispose()
    {
        _host.Write(Laboratory.ProviderFile, _provider);
        _host.Reset();
    }

    [Fact]
    public void It_leads_to_what_was_applied_before_and_never_to_what_was_gone_back_from()
    {
        ApplyPort("9099");
        _host.Product("rollback").OrThrow();
        ApplyPort("9098");
        _host.Product("rollback").OrThrow();
        Assert.Contains("9091", _host.Read(Ruleset), StringComparison.Ordinal);
        var refused = _host.Product("rollback");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("there is nothing to go back to", refused.Error, StringComparison.Ordinal);
        _host.Write(Applied, _host.Config);
        WorksConfined();
    }

    [Fact]
    public void It_leads_there_however_many_changes_were_gone_back_from()
    {
        _host.Shell("systemctl stop downloader").OrThrow();
        for (var i = 0; i < MostKept + 1; i++)
        {
            ApplyPort("9099");
            _host.Product("rollback").OrThrow();
        }

        Assert.Contains("9091", _host.Read(Ruleset), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("first")]
    public void What_is_no_number_of_a_generation_is_refused(string number)
    {
        var refused = _host.Product("rollback", $"--to={number}");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"--to takes the number of a generation, from 1, not '{number}'", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generation_that_is_not_kept_is_refused()
    {
        var refused = _host.Product("rollback", "--to", "99");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("there is no generation 99", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_nothing_to_change_it_still_looks_at_what_systemd_has_loaded()
    {
        _host.Shell("mkdir -p /run/systemd/system/downloader.service.d && printf '[Service]\nNetworkNamespacePath=\n' >/run/systemd/system/downloader.service.d/zzzzz-later.conf && systemctl daemon-reload").OrThrow();
        try
        {
            var refused = _host.Product("rollback", "--to", "1");
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains("downloader.service", refused.Error, StringComparison.Ordinal);
        }
        finally
        {
            _host.Shell("rm -r /run/systemd/system/downloader.service.d && systemctl daemon-reload").OrThrow();
        }
    }

    [Fact]
    public void A_service_whose_loss_of_confinement_is_taken_back_runs_again()
    {
        _host.Write(Laboratory.ConfigFile, _host.Config + "\n[services.ordinary.vpn]\nnamespace = \"media\"\n");
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start ordinary").OrThrow();
        try
        {
            _host.HoldPort();
            _host.Write(Laboratory.ProviderFile, _provider.Replace("[Interface]\n", "[Interface]\nListenPort = 51999\n", StringComparison.Ordinal));
            _host.Write(Laboratory.ConfigFile, _host.Config);
            var failed = _host.Product("apply", "--allow-unconfine");
            Assert.Equal(3, failed.ExitCode);
            Assert.Contains("everything is back as it was before", failed.Error, StringComparison.Ordinal);
            Assert.Equal("active", _host.Laboratory.Machine.UnitState("ordinary.service"));
            _host.Write(Applied, _host.Config + "\n[services.ordinary.vpn]\nnamespace = \"media\"\n");
            _host.Write(Laboratory.ProviderFile, _provider);
            WorksConfined();
        }
        finally
        {
            _host.Shell("systemctl stop port-holder ordinary").OrThrow();
        }
    }

    [Fact]
    public void An_unconfirmed_change_whose_timer_was_stopped_is_named()
    {
        WritePort("9099");
        _host.Product("apply", "--confirm", "600").OrThrow();
        Assert.Equal(0, _host.Product("status").ExitCode);
        _host.Shell("systemctl stop vpn-confinement-confirm.timer").OrThrow();
        var status = _host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("vpn-confinement-confirm.timer does not run, so the unconfirmed change does not go back by itself", status.Output, StringComparison.Ordinal);
        _host.Product("confirm").OrThrow();
        Assert.Equal(0, _host.Product("status").ExitCode);
        Assert.StartsWith("error: nothing waits to be confirmed\n", _host.Product("confirm").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_apply_says_that_it_keeps_what_waited_to_be_confirmed()
    {
        WritePort("9099");
        _host.Product("apply", "--confirm", "600").OrThrow();
        Assert.Contains("the change that waited to be confirmed stays", _host.Product("apply").OrThrow().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not confirmed", _host.Product("status").OrThrow().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_consent_to_go_back_is_asked_for_together_with_that_to_the_change_itself()
    {
        _host.Write(Laboratory.ConfigFile, _host.Config.Replace("downloader", "ordinary", StringComparison.Ordinal));
        var refused = _host.Product("apply", "--confirm", "600");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("would take the confinement of ordinary.service away again, and the change itself takes that of downloader.service away", refused.Error, StringComparison.Ordinal);
        var unconfirmed = _host.Product("apply");
        Assert.Equal(1, unconfirmed.ExitCode);
        Assert.Contains("or run 'vpn-confinement apply --allow-unconfine' if", unconfirmed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_change_that_was_cut_short_still_has_to_start_is_in_the_plan()
    {
        _host.Shell("systemctl stop downloader").OrThrow();
        _host.Write(Manifest, _host.Read(Manifest).Replace("\"starting\": []", "\"starting\": [\"downloader.service\"]", StringComparison.Ordinal));
        Assert.Contains("left over from a change that was cut short:\n  downloader.service\n", _host.Product("plan").Output, StringComparison.Ordinal);
        Assert.Contains("\"stillToStart\": [\n    \"downloader.service\"\n  ]", _host.Product("plan", "--json").Output, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        _host.Write(Applied, _host.Config);
        WorksConfined();
    }

    private void ApplyPort(string port)
    {
        WritePort(port);
        _host.Product("apply").OrThrow();
    }

    private void WritePort(string port) => _host.Write(Laboratory.ConfigFile, _host.Config.Replace("[9091]", $"[{port}]", StringComparison.Ordinal));

    private void WorksConfined()
    {
        _host.Laboratory.Machine.RequireUnit("downloader.service", "active");
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        var status = _host.Product("status", "--config", Applied);
        Assert.True(status.ExitCode == 0, status.Output + status.Error);
    }
}
