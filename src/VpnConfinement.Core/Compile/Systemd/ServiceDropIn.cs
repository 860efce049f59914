using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Systemd;

/// <summary>The drop-in that confines a service: attachment (S-1), resolver (S-4) and hardening.</summary>
public static class ServiceDropIn
{
    /// <summary>File name of the drop-in. It sorts after other names, so that its settings are the last word.</summary>
    public const string FileName = "zzzz-vpn-confinement.conf";

    /// <summary>The drop-in of one service.</summary>
    public static GeneratedFile Compile(ConfinedNamespace ns, ConfinedService service)
    {
        var name = ns.Name.ToString();
        var unit = new UnitFileWriter(GeneratedUnits.Header + GeneratedUnits.HeaderNote);
        Attachment.Add(unit, ns, service.OnTunnelLoss);
        unit.Section("Service");
        unit.Add("NetworkNamespacePath", StateLayout.Netns(name));
        Resolver(unit, name, service);
        Hardening.Add(unit, ns.IPv6, service);
        return GeneratedUnits.File($"{service.Unit}.d/{FileName}", unit, name, service.Unit.ToString());
    }

    // A private /run hides every resolver helper of the host at once (nscd, D-Bus, varlink, avahi, container engines) and cannot be undone by
    // the host replacing what is under a bind mount. What a service needs of /run is bound back by name.
    private static void Resolver(UnitFileWriter unit, string ns, ConfinedService service)
    {
        unit.Add("TemporaryFileSystem", "/run:ro");
        unit.Add("BindReadOnlyPaths", $"{StateLayout.ResolvConf(ns)}:/etc/resolv.conf");
        unit.Add("BindReadOnlyPaths", $"{StateLayout.NsswitchConf(ns)}:/etc/nsswitch.conf");
        unit.Add("BindReadOnlyPaths", "-/run/systemd/notify");
        unit.Add("BindReadOnlyPaths", "-/run/systemd/journal");
        foreach (var directory in service.RuntimeDirectories)
        {
            unit.Add("BindPaths", "/run/" + directory);
        }

        foreach (var path in service.RunPaths)
        {
            unit.Add("BindPaths", "-" + UnitValue.Literal(path));
        }
    }
}
