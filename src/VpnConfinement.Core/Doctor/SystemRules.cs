using System.Globalization;
using VpnConfinement.Drift;
using VpnConfinement.Validation;

namespace VpnConfinement.Doctor;

/// <summary>What the system brings: systemd, control groups, WireGuard, nftables, inotify, the clock.</summary>
internal static class SystemRules
{
    // A watcher and a wireguard-go for each namespace, and one to spare.
    private const int InstancesPerNamespace = 2;
    private const int SpareInstances = 1;

    // Clocks are set back by this much in everyday life.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    internal static IEnumerable<DoctorFinding> Find(DoctorFacts facts) =>
    [
        .. Systemd(facts), .. Groups(facts), .. WireGuard(facts), .. Nftables(facts), .. Inotify(facts),
        .. Clock(facts),
    ];

    /// <summary>Whether the clock is behind what the host has written down.</summary>
    internal static bool IsBehind(ClockReading clock) => clock.Latest - clock.Now > ClockTolerance;

    private static IEnumerable<DoctorFinding> Systemd(DoctorFacts facts)
    {
        switch (facts.Systemd)
        {
            case Observation<SystemdFact?>.Known { Value: null }:
                yield return Finding(
                    "no-systemd",
                    DoctorSeverity.Error,
                    "No systemd runs here as the init system. No service can be confined.",
                    "Run this on the booted system, not in a chroot or a container without systemd.");
                break;
            case Observation<SystemdFact?>.Known { Value: { Version: < SystemdFact.LeastVersion } old }:
                yield return Finding(
                    "systemd-too-old",
                    DoctorSeverity.Error,
                    Text($"systemd {old.Version} runs here. {SystemdFact.LeastVersion} or newer is needed."),
                    "Upgrade the system.");
                break;
        }
    }

    private static IEnumerable<DoctorFinding> Groups(DoctorFacts facts)
    {
        if (facts.HasUnifiedGroups is Observation<bool>.Known { Value: false }
            && facts.Systemd is not Observation<SystemdFact?>.Known { Value: null })
        {
            yield return Finding(
                "no-unified-cgroups",
                DoctorSeverity.Warning,
                "/sys/fs/cgroup is not the unified hierarchy of control groups. "
                    + "Limits of a unit by BPF are not enforced.",
                "Boot with systemd.unified_cgroup_hierarchy=1 on the kernel's command line.");
        }
    }

    private static IEnumerable<DoctorFinding> WireGuard(DoctorFacts facts)
    {
        if (facts is
            {
                HasKernelWireGuard: Observation<bool>.Known { Value: false },
                UserspaceWireGuard: Observation<string?>.Known { Value: null },
            })
        {
            yield return Finding(
                "no-wireguard",
                DoctorSeverity.Error,
                "The kernel has no WireGuard, and wireguard-go is not installed. No tunnel can be made.",
                "Run 'modprobe wireguard', or install the package wireguard-go.");
        }
    }

    private static IEnumerable<DoctorFinding> Nftables(DoctorFacts facts)
    {
        if (facts.Nftables is Observation<string?>.Known { Value: null })
        {
            yield return Finding(
                "no-nftables",
                DoctorSeverity.Error,
                "The library of nftables (libnftables.so.1) cannot be loaded. No ruleset can be made.",
                "Install the package libnftables1, or the one of nftables on this system.");
        }
    }

    private static IEnumerable<DoctorFinding> Inotify(DoctorFacts facts)
    {
        var namespaces = (facts.Namespaces as Observation<IReadOnlyList<NamespaceFacts>>.Known)?.Value.Count ?? 0;
        var needed = (InstancesPerNamespace * namespaces) + SpareInstances;
        if (facts.Inotify is Observation<InotifyUse>.Known { Value: var use } && use.Most - use.Used < needed)
        {
            yield return Finding(
                "inotify-instances-low",
                DoctorSeverity.Warning,
                Text($"root uses {use.Used} of {use.Most} inotify instances. ")
                    + "A watcher or wireguard-go that gets none does not start.",
                Text($"Run 'sysctl fs.inotify.max_user_instances={use.Most * 4}', ")
                    + "and write that line into a file of /etc/sysctl.d.");
        }
    }

    private static IEnumerable<DoctorFinding> Clock(DoctorFacts facts)
    {
        if (facts.Clock is Observation<ClockReading>.Known { Value: var clock } && IsBehind(clock))
        {
            yield return Finding(
                "clock-behind",
                DoctorSeverity.Error,
                $"The clock says {Time(clock.Now)}, and {clock.File} was changed at {Time(clock.Latest)}. "
                    + "A server refuses the handshake of a clock that went back.",
                "Run 'timedatectl set-ntp true' and wait until 'timedatectl' says that the clock is synchronized.");
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static DoctorFinding Finding(string code, DoctorSeverity severity, string message, string remedy) =>
        new(code, severity, null, message, remedy);
}
