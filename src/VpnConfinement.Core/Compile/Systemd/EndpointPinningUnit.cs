using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// The unit that pins the endpoints of a tunnel. The tunnel's unit requires it, is bound to it and ordered after it: the table is there
/// before the link is, and goes when the link is gone.
/// </summary>
public static class EndpointPinningUnit
{
    /// <summary>The unit of one namespace.</summary>
    public static GeneratedFile Compile(string binary, ConfinedNamespace ns)
    {
        var name = ns.Name.ToString();
        var unit = GeneratedUnits.Begin($"Endpoint pinning of namespace {name}");
        // Those of the host that begin by flushing every table: at boot they come first.
        unit.Add("After", "nftables.service firewalld.service ufw.service");
        if (ns.WireGuard.Birthplace is { Managed: true } birthplace)
        {
            var netns = StateLayout.NetnsUnit(birthplace.Name.ToString());
            unit.Add("Requires", netns);
            unit.Add("BindsTo", netns);
            unit.Add("After", netns);
        }

        unit.Add("RequiresMountsFor", StateLayout.StateFolder);
        unit.Add("StopWhenUnneeded", "yes");
        unit.Section("Service");
        unit.Add("Type", "oneshot");
        unit.Add("RemainAfterExit", "yes");
        unit.Add("ExecStart", GeneratedUnits.Command(binary, $"pin up {name}"));
        unit.Add("ExecStopPost", GeneratedUnits.Command(binary, $"pin down {name}"));
        unit.Add("TimeoutStartSec", "30s");
        GeneratedUnits.LeastPrivilege(unit, "CAP_NET_ADMIN CAP_SYS_ADMIN");
        unit.Add("RestrictAddressFamilies", "AF_NETLINK AF_UNIX");
        GeneratedUnits.PrivateMounts(unit, home: "yes");
        return GeneratedUnits.File(StateLayout.PinUnit(name), unit, name, null);
    }
}
