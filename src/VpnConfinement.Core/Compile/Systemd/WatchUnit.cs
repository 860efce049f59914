using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// The template of the watchers. One is started with its netns and ends by itself when that is gone; it enforces nothing, so its death opens nothing.
/// It has no private mount namespace: it has to see at once that the name of a netns is unmounted.
/// </summary>
public static class WatchUnit
{
    /// <summary>The template.</summary>
    public static GeneratedFile Template(string binary)
    {
        var unit = GeneratedUnits.Begin("Watcher of the namespace %i of confined services");
        unit.Add("After", StateLayout.NetnsUnit("%i"));
        unit.Section("Service");
        unit.Add("Type", "notify");
        unit.Add("NotifyAccess", "main");
        // Ending is how it finds out whether there is a namespace again: systemd starts it anew, and this is asked then. Conditions of the unit are not,
        // by newer systemd (seen on 257).
        unit.Add("ExecCondition", GeneratedUnits.Command(binary, "netns is-up %i"));
        unit.Add("ExecStart", GeneratedUnits.Command(binary, "watch %i"));
        // Each short-lived thread that enters the netns would get a heap of its own, and glibc keeps what was freed.
        unit.Add("Environment", "MALLOC_ARENA_MAX=1");
        unit.Add("Environment", "MALLOC_TRIM_THRESHOLD_=65536");
        // Hexadecimal: 256 KiB. By itself .NET collects a first generation of the size of the processor's cache only.
        unit.Add("Environment", "DOTNET_GCgen0size=40000");
        unit.Add("Restart", "always");
        unit.Add("RestartSec", "1s");
        unit.Add("WatchdogSec", "180s");
        unit.Add("TimeoutStopSec", "5s");
        // One for each mount namespace that it watches, which it bounds itself.
        unit.Add("LimitNOFILE", "4096");
        GeneratedUnits.LeastPrivilege(unit, "CAP_NET_ADMIN CAP_SYS_ADMIN CAP_SYS_CHROOT CAP_SYS_PTRACE");
        unit.Add("RestrictAddressFamilies", "AF_NETLINK AF_UNIX");
        return GeneratedUnits.File(StateLayout.WatchUnit(""), unit, null, null);
    }
}
