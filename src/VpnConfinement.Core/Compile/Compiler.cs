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

    /// <summary>Compiles.</summary>
    /// <param name="confinement">What is true.</param>
    /// <param name="binary">Absolute path of this program, which the units run.</param>
    public static CompiledTree Compile(Confinement confinement, string binary = DefaultBinary)
    {
        var files = new List<GeneratedFile>();
        var plans = new List<NamespacePlan>();
        foreach (var ns in confinement.Namespaces)
        {
            var name = ns.Name.ToString();
            var ruleset = NamespaceRuleset.Compile(ns);
            var plan = PlanCompiler.Compile(ns, ContentHash.Of(ruleset));
            plans.Add(plan);
            files.Add(new GeneratedFile(StateLayout.Ruleset(name), ruleset, name, null));
            files.Add(new GeneratedFile(StateLayout.ResolvConf(name), ResolverFiles.ResolvConf(ns), name, null));
            files.Add(new GeneratedFile(StateLayout.NsswitchConf(name), ResolverFiles.NsswitchConf(), name, null));
            files.Add(new GeneratedFile(StateLayout.Plan(name), PlanJson.Write(plan), name, null));
            files.Add(GeneratedUnits.WireGuard(binary, ns));
            files.Add(GeneratedUnits.Return(binary, ns));
            files.AddRange(ns.Services.Select(s => ServiceDropIn.Compile(ns, s)));
            files.AddRange(ns.Sockets.Select(s => SocketDropIn.Compile(ns, s)));
        }

        if (confinement.Namespaces.Count > 0)
        {
            files.Add(GeneratedUnits.NetnsTemplate(binary));
        }

        return new CompiledTree
        {
            Files = [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)],
            Keys = [.. confinement.Namespaces.SelectMany(Keys).OfType<KeySource.Copied>().OrderBy(k => k.Path, StringComparer.Ordinal)],
            Plans = plans,
        };
    }

    private static IEnumerable<KeySource?> Keys(ConfinedNamespace ns) =>
        ns.WireGuard.Peers.Select(p => p.PresharedKey).Append(ns.WireGuard.PrivateKey);
}
