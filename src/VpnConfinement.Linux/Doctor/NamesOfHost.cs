using VpnConfinement.Doctor;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Linux.Doctor;

/// <summary>The names of the user's on this host that a report may not have.</summary>
public static class NamesOfHost
{
    /// <summary>Gathers them, from what was applied, from the configuration and from the host.</summary>
    /// <param name="facts">What was seen.</param>
    /// <param name="confinement">What the configuration says; null where it is refused or absent.</param>
    /// <param name="texts">The texts of the configuration, a refused one as well.</param>
    public static IReadOnlyCollection<KnownName> Of(
        DoctorFacts facts, Confinement? confinement, IEnumerable<SourceText> texts) =>
    [
        new("machine", Environment.MachineName),
        .. Users().Select(u => new KnownName("user", u)),
        .. Try(() => ManifestStore.Load().Namespaces).SelectMany(OfApplied),
        .. confinement?.Namespaces.SelectMany(OfConfigured) ?? [],
        .. facts.ConfigurationFiles.Select(f => new KnownName("path", f)),
        .. Known(facts.ForeignTunnels).Select(t => new KnownName("link", t.Name)),
        .. Known(facts.WgQuick).Select(u => new KnownName("unit", u)),
        .. Known(facts.DroppingChains).SelectMany(OfChain),
        .. Known(facts.NetworkFiles).Where(f => f.Path != StateLayout.NetworkdFile)
            .Select(f => new KnownName("path", f.Path)),
        .. TunnelLinks(facts).Select(l => new KnownName("link", l)),
        .. texts.SelectMany(WrittenNames.In),
    ];

    private static IEnumerable<KnownName> OfApplied(ManifestNamespace ns) =>
    [
        new("namespace", ns.Name), new("interface", ns.Interface),
        .. ns.Units.SelectMany(u => OfUnit(u.Name)), .. ns.Published.SelectMany(OfUnit),
        .. Try(() => (IReadOnlyList<NamespacePlan>)[PlanStore.Load(ns.Name).Plan]).SelectMany(OfPlan),
    ];

    private static IEnumerable<KnownName> OfPlan(NamespacePlan plan) =>
    [
        .. plan.HostLink is { } link
            ? (KnownName[])[new("link", $"{link.HostInterface}"), new("link", $"{link.NamespaceInterface}")]
            : [],
        .. plan.WireGuard.Peers.Select(p => p.EndpointName).OfType<EndpointName>()
            .Select(n => new KnownName("host", n.Name)),
        new("path", plan.WireGuard.PrivateKeyFile),
    ];

    // No finding has names out of a file that cannot be read, and a report is wanted where something is broken.
    private static IReadOnlyList<T> Try<T>(Func<IReadOnlyList<T>> read)
    {
        try
        {
            return read();
        }
        catch (SystemFailure)
        {
            return [];
        }
    }

    private static IEnumerable<KnownName> OfConfigured(ConfinedNamespace ns) =>
    [
        new("namespace", $"{ns.Name}"), new("interface", $"{ns.WireGuard.Interface}"),
        .. ns.Services.SelectMany(s => OfUnit($"{s.Unit}")), .. ns.Sockets.SelectMany(s => OfUnit($"{s.Unit}")),
        .. ns.DnsSearch.Select(d => new KnownName("host", d)),
        .. ns.WireGuard.Peers.Select(p => p.Endpoint).OfType<PeerEndpoint.Hostname>()
            .Select(h => new KnownName("host", h.Name)),
        new("path", ns.WireGuard.PrivateKey.Path),
        .. ns.WireGuard.Peers.Select(p => p.PresharedKey?.Path).OfType<string>().Select(p => new KnownName("path", p)),
    ];

    // With its suffix and without: findings name it either way.
    private static IEnumerable<KnownName> OfUnit(string unit) =>
        [new("unit", unit), new("service", unit[..unit.LastIndexOf('.')].TrimEnd('@'))];

    // "chain NAME of table FAMILY TABLE".
    private static IEnumerable<KnownName> OfChain(string chain) => chain.Split(' ') is [_, var name, .., var table]
        ? [new("chain", name), new("table", table)]
        : [];

    private static IEnumerable<string> TunnelLinks(DoctorFacts facts) =>
        from ns in Known(facts.Namespaces)
        from peer in (ns.Tunnel as Observation<TunnelFacts?>.Known)?.Value?.Peers ?? []
        let link = ((peer.Route as Observation<EndpointRoute>.Known)?.Value as EndpointRoute.Over)?.Link
        where link is not null
        select link;

    // Those of people, and those whom they made for services of their own.
    private static IEnumerable<string> Users() => RegularFile.ReadText("/etc/passwd").Split('\n')
        .Select(l => l.Split(':'))
        .Where(f => f.Length > 2 && uint.TryParse(f[2], out var uid) && uid is >= 1000 and < 65534)
        .Select(f => f[0]);

    private static IReadOnlyList<T> Known<T>(Observation<IReadOnlyList<T>> seen) =>
        (seen as Observation<IReadOnlyList<T>>.Known)?.Value ?? [];
}
