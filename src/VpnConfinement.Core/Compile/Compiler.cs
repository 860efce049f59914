using VpnConfinement.Compile.Daemons;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Compile.Resolver;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile;

/// <summary>Turns what is true into files. Pure: the same confinement gives the same bytes on every machine.</summary>
public static class Compiler
{
    /// <summary>Where the program is installed unless told otherwise.</summary>
    public const string DefaultBinary = "/usr/bin/vpn-confinement";

    /// <summary>Where systemd-socket-proxyd(8) is unless told otherwise.</summary>
    public const string DefaultSocketProxy = "/usr/lib/systemd/systemd-socket-proxyd";

    /// <summary>Compiles.</summary>
    /// <param name="confinement">What is true.</param>
    /// <param name="binary">Absolute path of this program, which the units run.</param>
    /// <param name="socketProxy">Absolute path of systemd-socket-proxyd, which forwards published ports.</param>
    public static CompiledTree Compile(Confinement confinement, string binary = DefaultBinary, string socketProxy = DefaultSocketProxy)
    {
        var files = new List<GeneratedFile>();
        var plans = new List<NamespacePlan>();
        var byName = confinement.Namespaces.ToDictionary(n => n.Name);
        foreach (var ns in confinement.Namespaces)
        {
            var name = ns.Name.ToString();
            var birthplace = ns.WireGuard.Birthplace is { Managed: true } place ? byName[place.Name] : null;
            var plan = PlanCompiler.Compile(ns, birthplace);
            var ruleset = NamespaceRuleset.Compile(plan, plan.Policy!);
            plan = plan with { RulesetSha256 = ContentHash.Of(ruleset) };
            plans.Add(plan);
            files.Add(new GeneratedFile(StateLayout.Ruleset(name), ruleset, name, null));
            files.Add(new GeneratedFile(StateLayout.ResolvConf(name), ResolverFiles.ResolvConf(ns), name, null));
            files.Add(new GeneratedFile(StateLayout.NsswitchConf(name), ResolverFiles.NsswitchConf(), name, null));
            files.Add(new GeneratedFile(StateLayout.Plan(name), PlanJson.Write(plan), name, null));
            files.Add(GeneratedUnits.WireGuard(binary, ns, birthplace, BornIn(ns, confinement)));
            files.AddRange(RefreshUnits.Compile(binary, ns));
            files.AddRange(HostRouteUnit.Compile(binary, ns));
            if (plan.Pinning is not null)
            {
                files.Add(EndpointPinningUnit.Compile(binary, ns));
            }

            files.Add(CommandSettings.Compile(binary, ns));
            if (ns.VerifyUrl is { } url)
            {
                // It is read when a command of ours is run, so it counts as that one's.
                files.Add(new GeneratedFile(
                    StateLayout.VerifyUrl(name), url + "\n", name, StateLayout.CommandUnit(name, "ID")));
            }

            files.Add(GeneratedUnits.Return(binary, ns));
            var gate = StartGate.Template(binary, ns);
            files.Add(gate);
            files.AddRange(StartGate.Links(gate, ns));
            files.AddRange(ns.Services.Select(s => ServiceDropIn.Compile(binary, ns, s)));
            files.AddRange(PublishUnits.Compile(socketProxy, ns));
            files.AddRange(ns.Sockets.Select(s => SocketDropIn.Compile(ns, s)));
        }

        if (confinement.Namespaces.Count > 0)
        {
            files.Add(GeneratedUnits.NetnsTemplate(binary));
            files.Add(WatchUnit.Template(binary));
            files.Add(GateDropIn.Generator(binary));
            files.AddRange(NetworkDaemonFiles.Compile(confinement));
        }

        return new CompiledTree
        {
            Files = [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)],
            Keys = [.. confinement.Namespaces.SelectMany(Keys).OfType<KeySource.Copied>().OrderBy(k => k.Path, StringComparer.Ordinal)],
            Plans = plans,
            Namespaces = [.. confinement.Namespaces.Select(Units)],
            SocketPaths = [.. confinement.Namespaces.SelectMany(ns => ns.Publish).Select(p => p.Listen).OfType<ListenAddress.Unix>().Select(u => u.Path).Order(StringComparer.Ordinal)],
        };
    }

    private static ManifestNamespace Units(ConfinedNamespace ns) => new(
        ns.Name.ToString(),
        ns.WireGuard.Interface.ToString(),
        [
            .. ns.Services.Select(s => new ManifestUnit(s.Unit.ToString(), null, s.OnTunnelLoss is OnTunnelLoss.Blackhole))
                .Concat(ns.Sockets.Select(s => new ManifestUnit(s.Unit.ToString(), s.Service.ToString(), Attachment.LossOf(ns, s) is OnTunnelLoss.Blackhole)))
                .OrderBy(u => u.Name, StringComparer.Ordinal),
        ],
        PublishUnits.Sockets(ns));

    private static List<ConfinedNamespace> BornIn(ConfinedNamespace outer, Confinement confinement) =>
        [.. confinement.Namespaces.Where(n => n.WireGuard.Birthplace is { Managed: true } place && place.Name == outer.Name)];

    private static IEnumerable<KeySource?> Keys(ConfinedNamespace ns) =>
        ns.WireGuard.Peers.Select(p => p.PresharedKey).Append(ns.WireGuard.PrivateKey);
}
