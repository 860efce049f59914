using System.Globalization;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// The timer and the service that go back to what was applied before, unless that is confirmed. They are on disk while a change is unconfirmed and
/// not a part of any configuration: so they come with the next boot as well.
/// </summary>
public static class ConfirmUnits
{
    /// <summary>Where the timer is enabled: whoever masks timers.target still boots to this one.</summary>
    public const string Wanted = StateLayout.UnitFolder + "/basic.target.wants/" + StateLayout.ConfirmTimer;

    /// <summary>Both units and the link that enables the timer.</summary>
    /// <param name="binary">Absolute path of this program.</param>
    /// <param name="change">What waits, how long, and until when.</param>
    /// <remarks>
    /// Each daemon-reload has systemd count the seconds of OnActiveSec= anew (seen on 252, 257 and 262), so the time of the
    /// day stands beside them. Where the clock was set back, or the host booted, the seconds are what counts.
    /// </remarks>
    public static IReadOnlyList<GeneratedFile> Compile(string binary, PendingChange change)
    {
        var service = GeneratedUnits.Begin("Return to what vpn-confinement had applied before an unconfirmed change");
        service.Add("RequiresMountsFor", StateLayout.StateFolder);
        service.Section("Service");
        service.Add("Type", "oneshot");
        service.Add("ExecStart", GeneratedUnits.Command(binary, "rollback --unconfirmed"));
        // Another run may be changing the system just then.
        service.Add("Restart", "on-failure");
        service.Add("RestartSec", "5s");
        // Refused, because a service would lose its confinement: nothing that time mends.
        service.Add("RestartPreventExitStatus", "1");
        var timer = GeneratedUnits.Begin("Time for which a change of vpn-confinement waits to be confirmed");

        // Those of a timer with a time of the day wait for the clock to be set, by services that may wait for
        // basic.target, which waits for this one.
        timer.Add("DefaultDependencies", "no");
        timer.Add("Requires", "sysinit.target");
        timer.Add("After", "sysinit.target");
        timer.Add("Conflicts", "shutdown.target");
        timer.Add("Before", "shutdown.target");
        timer.Section("Timer");
        timer.Add("OnActiveSec", change.Seconds.ToString(CultureInfo.InvariantCulture) + "s");
        timer.Add("OnCalendar", change.Until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        timer.Add("AccuracySec", "1s");
        timer.Add("Unit", StateLayout.ConfirmUnit);
        var timerFile = GeneratedUnits.File(StateLayout.ConfirmTimer, timer, null, null);
        return [GeneratedUnits.File(StateLayout.ConfirmUnit, service, null, null), timerFile, timerFile with { Path = Wanted, LinkTo = "../" + StateLayout.ConfirmTimer }];
    }
}
