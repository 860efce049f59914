using VpnConfinement.Compile.Resolver;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>The start gate (S-27, docs/adr/0012): what looks before each start of a confined unit, from outside and then from inside.</summary>
internal static class StartGate
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
    /// What looks from inside, as the service's own user, before anything of the service runs. ExecCondition= comes before ExecStartPre=, so the
    /// unit's own list of those need not be repeated; its own conditions, which few units have, are.
    /// </summary>
    internal static void Add(UnitFileWriter unit, string binary, ConfinedNamespace ns, ConfinedService service)
    {
        var name = ns.Name.ToString();
        var arguments = $"gate inside {name} %n";
        var strict = ns.DnsMode == DnsMode.Strict;
        if (strict || ns.DnsServers.Count > 0)
        {
            arguments += $" --resolv-conf={ContentHash.Of(ResolverFiles.ResolvConf(ns))}";
        }

        if (strict)
        {
            arguments += $" --nsswitch-conf={ContentHash.Of(ResolverFiles.NsswitchConf())} --private-run";
        }

        if (strict && ns.AllowHostResolverIpc)
        {
            arguments += " --host-resolver-ipc";
        }

        unit.Add("BindReadOnlyPaths", StateLayout.NetnsMarker(name));
        if (service.OwnSettings.Overlaps(["InaccessiblePaths", "RootDirectory", "RootImage", "TemporaryFileSystem"]))
        {
            unit.Add("BindReadOnlyPaths", UnitValue.Literal(binary));
        }

        if (service.OwnSettings.Contains("NoExecPaths"))
        {
            unit.Add("ExecPaths", UnitValue.Literal(binary));
        }

        if (service.Conditions.Count > 0)
        {
            unit.Add("ExecCondition", "");
        }

        unit.Add("ExecCondition", GeneratedUnits.Command(binary, arguments));
        foreach (var condition in service.Conditions)
        {
            unit.Add("ExecCondition", condition);
        }
    }
}
