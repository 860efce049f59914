using VpnConfinement.Compile.Resolver;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>The start gate (S-27, docs/adr/0012): what looks before each start of a confined unit, from outside and then from inside.</summary>
public static class StartGate
{
    /// <summary>
    /// The template of the gates of one namespace, an instance for each unit. It does not remain after it has run, so that it runs before every
    /// start, those that systemd makes by itself included.
    /// </summary>
    internal static GeneratedFile Template(string binary, ConfinedNamespace ns)
    {
        var name = ns.Name.ToString();
        var netns = StateLayout.NetnsUnit(name);
        var unit = GeneratedUnits.Begin($"Start gate of %i in namespace {name}");
        unit.Add("Requires", netns);
        unit.Add("After", $"{netns} {StateLayout.WireGuardUnit(ns.WireGuard.Interface.ToString())}");
        // For a unit whose drop-in was taken away: then the link alone ties it to its gate.
        unit.Add("Before", "%i");
        unit.Section("Service");
        unit.Add("Type", "oneshot");
        unit.Add("ExecStart", GeneratedUnits.Command(binary, $"gate check {name} %i"));
        unit.Add("TimeoutStartSec", "30s");
        // Of every process in the unit's control group it is asked in which netns it is: that takes CAP_SYS_PTRACE.
        GeneratedUnits.LeastPrivilege(unit, "CAP_NET_ADMIN CAP_SYS_ADMIN CAP_SYS_PTRACE");
        unit.Add("RestrictAddressFamilies", "AF_NETLINK AF_UNIX");
        return GeneratedUnits.File(StateLayout.GateTemplate(name), unit, name, null);
    }

    /// <summary>
    /// Ties each unit to its gate a second time, beside its drop-in, which 'systemctl revert' deletes. Not for templates: systemd would give the gate
    /// the instance's name instead of the unit's.
    /// </summary>
    internal static IEnumerable<GeneratedFile> Links(GeneratedFile template, ConfinedNamespace ns) =>
        from unit in ns.Services.Select(s => s.Unit.ToString()).Concat(ns.Sockets.Select(s => s.Unit.ToString()))
        where !UnitName.IsTemplateName(unit)
        let path = $"{StateLayout.UnitFolder}/{unit}.requires/{StateLayout.GateUnit(ns.Name.ToString(), unit)}"
        select new GeneratedFile(path, template.Content, ns.Name.ToString(), unit, $"../{StateLayout.GateTemplate(ns.Name.ToString())}");

    /// <summary>
    /// What the program that looks from inside needs in the service's sandbox. It is bound only where the unit's own
    /// settings could hide it.
    /// </summary>
    internal static void AddNeeds(UnitFileWriter unit, string binary, ConfinedNamespace ns, ConfinedService service)
    {
        var program = UnitValue.Literal(StateLayout.GateProgram(binary));
        unit.Add("BindReadOnlyPaths", StateLayout.NetnsMarker(ns.Name.ToString()));
        if (service.OwnSettings.Overlaps(MountSettings.Roots.Concat(MountSettings.Hiding)))
        {
            unit.Add("BindReadOnlyPaths", program);
        }

        if (service.OwnSettings.Contains("NoExecPaths"))
        {
            unit.Add("ExecPaths", program);
        }
    }

    /// <summary>
    /// The command that looks from inside, for the generator, which writes it before each command of the unit (<see cref="GateDropIn"/>). The drop-in
    /// itself cannot: a copy of the unit's commands would go stale with the next update of its package.
    /// </summary>
    /// <param name="unit">The drop-in.</param>
    /// <param name="binary">Absolute path of the program itself.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="more">Words of <see cref="GateWords"/> behind those that say what to look at.</param>
    internal static void AddCommand(UnitFileWriter unit, string binary, ConfinedNamespace ns, params string[] more)
    {
        unit.Section(GateWords.Section);
        unit.Add(
            GateWords.Key,
            GeneratedUnits.Command(StateLayout.GateProgram(binary), string.Join(' ', Arguments(ns).Concat(more))));
    }

    private static IEnumerable<string> Arguments(ConfinedNamespace ns)
    {
        yield return ns.Name.ToString();
        yield return "%n";
        var strict = ns.DnsMode == DnsMode.Strict;
        if (strict || ns.DnsServers.Count > 0)
        {
            yield return $"--resolv-conf={ContentHash.Of(ResolverFiles.ResolvConf(ns))}";
        }

        if (strict)
        {
            yield return $"--nsswitch-conf={ContentHash.Of(ResolverFiles.NsswitchConf())}";
            yield return GateWords.PrivateRun;
        }

        if (strict && ns.AllowHostResolverIpc)
        {
            yield return GateWords.HostResolverIpc;
        }
    }
}
