using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// What makes the route of a host link at boot (docs/security.md, S-36): what the host sends to a published port before
/// its namespace is up must not leave by the default route. It needs no file but the program, so that it can come
/// before the network and before the folders that hold what was applied.
/// </summary>
internal static class HostRouteUnit
{
    /// <summary>The unit, and what starts it at boot; none for a namespace without a host link.</summary>
    internal static IEnumerable<GeneratedFile> Compile(string binary, ConfinedNamespace ns)
    {
        if (ns.HostLink is not { } link)
        {
            yield break;
        }

        var name = ns.Name.ToString();
        var unitName = StateLayout.HostRouteUnit(name);
        var unit = GeneratedUnits.Begin($"Route that keeps the host link of namespace {name} off the default route");
        unit.Add("DefaultDependencies", "no");
        unit.Add("RequiresMountsFor", UnitValue.Literal(binary));
        unit.Add("Wants", "network-pre.target");
        unit.Add("Before", "network-pre.target sysinit.target shutdown.target");
        unit.Add("Conflicts", "shutdown.target");
        unit.Section("Service");
        unit.Add("Type", "oneshot");
        unit.Add("ExecStart", GeneratedUnits.Command(binary, $"host-route keep {name} {link.Subnet}"));
        unit.Add("TimeoutStartSec", "30s");
        GeneratedUnits.LeastPrivilege(unit, "CAP_NET_ADMIN");
        unit.Add("RestrictAddressFamilies", "AF_NETLINK AF_UNIX");
        yield return GeneratedUnits.File(unitName, unit, name, unitName);
        var dropIn = $"sysinit.target.d/{unitName[..^".service".Length]}.conf";
        yield return GeneratedUnits.File(dropIn, AtBoot(unitName), name, unitName);
    }

    private static UnitFileWriter AtBoot(string unitName)
    {
        var unit = new UnitFileWriter(OwnHeader.Text + GeneratedUnits.HeaderNote);
        unit.Section("Unit");
        unit.Add("Wants", unitName);
        return unit;
    }
}
