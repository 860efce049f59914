using VpnConfinement.Drift;

namespace VpnConfinement.Doctor;

/// <summary>What could not be seen, a finding each: it is never taken for fine.</summary>
internal static class UnknownRules
{
    internal static IEnumerable<DoctorFinding> Find(DoctorFacts facts)
    {
        var hasSystemd = facts.Systemd is not Observation<Validation.SystemdFact?>.Known { Value: null };
        return new[]
        {
            Of(facts.Systemd, "which systemd runs"),
            Of(facts.HasUnifiedGroups, "how control groups are mounted"),
            Of(facts.HasKernelWireGuard, "whether the kernel has WireGuard"),
            Of(facts.UserspaceWireGuard, "whether wireguard-go is installed"),
            Of(facts.Nftables, "whether libnftables can be loaded"),
            Of(facts.Inotify, "how many inotify instances are in use"),
            Of(facts.Clock, "whether the clock is right"),

            // Nobody answers for units where no systemd runs, which has a finding of its own.
            hasSystemd ? Of(facts.Running, "which units are up") : null,
            hasSystemd ? Of(facts.WgQuick, "which units of wg-quick are enabled") : null,
            hasSystemd ? Of(facts.Health, "how what was applied is doing") : null,
            Of(facts.NetworkFiles, "what systemd-networkd is told"),
            Of(facts.ForeignTunnels, "which other tunnels the host has"),
            Of(facts.DroppingChains, "which chains of the host drop by policy"),
            Of(facts.Namespaces, "what was applied"),
        }.OfType<DoctorFinding>().Concat(OfTunnels(facts));
    }

    private static IEnumerable<DoctorFinding> OfTunnels(DoctorFacts facts)
    {
        foreach (var ns in (facts.Namespaces as Observation<IReadOnlyList<NamespaceFacts>>.Known)?.Value ?? [])
        {
            if (Of(ns.Tunnel, $"how the tunnel of namespace {ns.Name} is", ns.Name) is { } tunnel)
            {
                yield return tunnel;
            }
        }

        foreach (var (ns, tunnel) in TunnelRules.Tunnels(facts))
        {
            if (Of(tunnel.Room, $"which packets the tunnel of namespace {ns} carries", ns) is { } room)
            {
                yield return room;
            }

            foreach (var peer in tunnel.Peers)
            {
                if (peer.Route is { } seen
                    && Of(seen, $"the way to {peer.Endpoint} of namespace {ns}", ns) is { } route)
                {
                    yield return route;
                }
            }
        }
    }

    private static DoctorFinding? Of<T>(Observation<T> seen, string what, string? ns = null) => seen switch
    {
        Observation<T>.Known => null,
        Observation<T>.Unknown unknown => Finding(what, unknown.Reason, ns),
        Observation<T>.Unproven unproven => Finding(what, unproven.Reason, ns),
        _ => throw new InvalidOperationException("an observation of an unknown kind"),
    };

    private static DoctorFinding Finding(string what, string reason, string? ns) => new(
        "cannot-tell",
        DoctorSeverity.Unknown,
        ns,
        $"It could not be told {what}: {reason.TrimEnd('.')}.",
        "Remove what keeps it from being seen, then run 'vpn-confinement doctor' again.");
}
