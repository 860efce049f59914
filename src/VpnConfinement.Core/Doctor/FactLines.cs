using System.Globalization;
using VpnConfinement.Drift;
using VpnConfinement.Validation;

namespace VpnConfinement.Doctor;

/// <summary>What this host is, in lines: no names of the user's are among them.</summary>
public static class FactLines
{
    // Daemons that matter beside confined services, by their units.
    private static readonly string[] Daemons =
    [
        "NetworkManager.service", "avahi-daemon.service", "connman.service", "dhcpcd.service", "docker.service",
        "firewalld.service", "nftables.service", "nscd.service", "podman.service", "systemd-networkd.service",
        "systemd-resolved.service", "ufw.service", "unscd.service",
    ];

    /// <summary>The lines.</summary>
    public static IReadOnlyList<FactLine> Of(DoctorFacts facts) =>
    [
        Line("systemd", facts.Systemd, Systemd),
        Line("control groups", facts.HasUnifiedGroups, unified => unified ? "unified" : "not unified"),
        Line("WireGuard of the kernel", facts.HasKernelWireGuard, has => has ? "yes" : "no"),
        Line("wireguard-go", facts.UserspaceWireGuard, path => path ?? "not installed"),
        Line("libnftables", facts.Nftables, version => version ?? "cannot be loaded"),
        Line("inotify instances of root", facts.Inotify, i => Text($"{i.Used} of {i.Most}")),
        Line("clock", facts.Clock, clock => clock.Now.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)),
        Line("daemons", facts.Running, Known),
        Line("namespaces applied", facts.Namespaces, all => Text($"{all.Count}")),
        Line("MTU of tunnels", facts.Namespaces, _ => Measured([.. TunnelRules.Tunnels(facts).Select(t => t.Tunnel)])),
        new("configuration", facts.Checked is null ? "none" : Findings(facts.Checked.Count), null),
    ];

    private static string Systemd(SystemdFact? systemd) => systemd is null ? "does not run"
        : Text($"{systemd.Version}, {(systemd.HasBpfFramework ? "with" : "without")} its BPF framework");

    private static string Findings(int count) => count == 0 ? "'check' finds nothing"
        : Text($"{count} {(count == 1 ? "finding" : "findings")} of 'check', which 'vpn-confinement check' shows");

    private static string Measured(TunnelFacts[] tunnels)
    {
        var measured = tunnels.Count(t => t.Room is Observation<TunnelRoom?>.Known { Value: not null });
        return Text($"measured for {measured} of {tunnels.Length} that are up");
    }

    private static string Known(IReadOnlyCollection<string> running) =>
        Daemons.Where(running.Contains).Select(d => d[..^".service".Length]).ToList() is { Count: > 0 } daemons
            ? string.Join(", ", daemons)
            : "none that matter";

    private static FactLine Line<T>(string name, Observation<T> seen, Func<T, string> text) => seen switch
    {
        Observation<T>.Known known => new FactLine(name, text(known.Value), null),
        Observation<T>.Unknown unknown => new FactLine(name, null, unknown.Reason),
        Observation<T>.Unproven unproven => new FactLine(name, null, unproven.Reason),
        _ => throw new InvalidOperationException("an observation of an unknown kind"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
