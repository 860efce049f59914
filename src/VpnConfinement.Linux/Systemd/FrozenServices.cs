using VpnConfinement.State;

namespace VpnConfinement.Linux.Systemd;

/// <summary>
/// Services that somebody froze ('systemctl freeze'). systemd 257 and later refuse to stop them and leave them out when
/// what they are bound to stops; 252 thaws them then. They are thawed and stopped, never killed: a frozen unit whose
/// processes were killed can be neither thawed nor started.
/// </summary>
public static class FrozenServices
{
    // A service may take its time to stop; systemd ends it after TimeoutStopSec=, 90 s where nobody says otherwise.
    // Below that of the unit that waits here.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Called when a unit has stopped and nothing that is bound to it can send any more: stops what is bound to it and
    /// was left running because it is frozen.
    /// </summary>
    /// <param name="unit">The unit: a tunnel's, or a netns's.</param>
    /// <param name="log">Takes a line for each service.</param>
    /// <exception cref="SystemFailure">systemd refuses; the service stays frozen, and cut off.</exception>
    public static void StopBoundTo(string unit, Action<string> log)
    {
        // From the kernel: asking systemd costs a process, and nearly always there is none.
        var frozen = ControlGroup.FrozenServices();
        if (frozen.Count == 0)
        {
            return;
        }

        var systemctl = Systemctl.OfUnits();
        var shown = systemctl.Show(unit, "BoundBy").GetValueOrDefault("BoundBy") ?? "";
        var bound = UnitWords.Split(shown).Intersect(frozen, StringComparer.Ordinal).ToList();
        foreach (var service in bound)
        {
            log($"{service} is frozen, so systemd did not stop it with {unit}; thawing and stopping it");
            systemctl.StopNoBlock(service, insist: true);
        }

        WaitForEnd(bound);
    }

    // Not by 'systemctl stop' without --no-block, which waits longer than systemd lets the command of a unit that stops
    // run.
    private static void WaitForEnd(List<string> services)
    {
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        var slices = ControlGroup.SliceFolders();
        while (Environment.TickCount64 < end && services.Exists(s => ControlGroup.FoldersOf(slices, s).Any()))
        {
            Thread.Sleep(50);
        }
    }
}
