using VpnConfinement.Drift;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Apply;

/// <summary>Looks at the watcher of a namespace.</summary>
internal static class WatcherLook
{
    /// <summary>The properties to ask systemd for.</summary>
    internal static IReadOnlyList<string> Properties { get; } = ["ActiveState", "MainPID"];

    /// <summary>Looks.</summary>
    internal static WatcherState At(string ns, UnitSnapshot shown)
    {
        var watch = shown.Of(StateLayout.WatchUnit(ns));
        var active = watch.GetValueOrDefault("ActiveState");
        var isReplaced = active is "active" && watch.GetValueOrDefault("MainPID") is { Length: > 0 } pid and not "0"
            ? Look.At(() => IsReplaced(pid))
            : null;
        return new WatcherState(ns, active, isReplaced);
    }

    // proc_pid_exe(5). One that ended meanwhile has no link.
    private static bool IsReplaced(string pid) =>
        new FileInfo($"/proc/{pid}/exe").LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal) == true;
}
