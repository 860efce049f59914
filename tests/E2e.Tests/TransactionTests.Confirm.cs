using VpnConfinement.Lab.Machines;

namespace VpnConfinement.E2e.Tests;

/// <content>What is confirmed stays, and what is not goes back.</content>
public sealed partial class TransactionTests
{
    [Fact]
    public void What_nobody_confirms_goes_back_by_itself()
    {
        var before = Installed();
        ChangePort("9099");
        var said = _host.Product("apply", "--confirm", "15").OrThrow();
        Assert.Contains("run 'vpn-confinement confirm' within 15 seconds", said.Error, StringComparison.Ordinal);
        Assert.Contains("9099", _host.Read(Ruleset), StringComparison.Ordinal);
        Assert.Contains("not confirmed: goes back to generation 1 at", _host.Product("status").OrThrow().Output, StringComparison.Ordinal);
        GoesBack(before);
        Assert.Equal(3, _host.Product("confirm").ExitCode);
        NothingGotOut();
    }

    // A package manager reloads systemd several times while it works.
    [Fact]
    public void What_nobody_confirms_goes_back_while_systemd_is_reloaded()
    {
        var before = Installed();
        ChangePort("9099");
        _host.Product("apply", "--confirm", "8").OrThrow();
        _host.Shell("systemd-run --quiet --unit=reloads sh -c 'for i in $(seq 40); do systemctl daemon-reload; sleep 2; done'").OrThrow();
        try
        {
            Eventually.Holds(
                "it goes back", () => !_host.Read(Ruleset).Contains("9099", StringComparison.Ordinal),
                () => _host.Laboratory.Machine.Told(Timer));
        }
        finally
        {
            _host.Shell("systemctl stop reloads").OrThrow();
        }

        GoesBack(before);
        NothingGotOut();
    }

    [Fact]
    public void What_is_confirmed_stays()
    {
        ChangePort("9099");
        _host.Product("apply", "--confirm", "15").OrThrow();
        _host.Product("confirm").OrThrow();
        Assert.Equal("", Leftovers());
        _host.Shell("sleep 17").OrThrow();
        Assert.Contains("9099", _host.Read(Ruleset), StringComparison.Ordinal);
        WorksConfined();
    }
}
