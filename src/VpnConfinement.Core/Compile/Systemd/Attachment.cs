using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Systemd;

/// <summary>The section [Unit] of a confined unit: what it cannot be up without, and what brings it back (S-1, docs/adr/0006).</summary>
internal static class Attachment
{
    internal static void Add(UnitFileWriter unit, ConfinedNamespace ns, OnTunnelLoss onTunnelLoss)
    {
        var netns = StateLayout.NetnsUnit(ns.Name.ToString());
        var wireGuard = StateLayout.WireGuardUnit(ns.WireGuard.Interface.ToString());
        var returns = StateLayout.ReturnUnit(ns.Name.ToString());
        var bound = onTunnelLoss switch
        {
            OnTunnelLoss.Stop => $"{netns} {wireGuard}",
            OnTunnelLoss.Blackhole => netns,
            _ => throw new ArgumentOutOfRangeException(nameof(onTunnelLoss)),
        };
        AddNeeds(unit, ns, bound);
        unit.Add("Wants", onTunnelLoss is OnTunnelLoss.Blackhole ? $"{wireGuard} {returns}" : returns);
        unit.Add("Before", returns);
    }

    /// <summary>The same for a command of <c>exec</c>, which does not come back with its tunnel.</summary>
    internal static void AddCommand(UnitFileWriter unit, ConfinedNamespace ns) => AddNeeds(
        unit, ns,
        $"{StateLayout.NetnsUnit(ns.Name.ToString())} {StateLayout.WireGuardUnit(ns.WireGuard.Interface.ToString())}");

    private static void AddNeeds(UnitFileWriter unit, ConfinedNamespace ns, string bound)
    {
        var name = ns.Name.ToString();
        unit.Section("Unit");
        unit.Add("Requires", bound);
        unit.Add("BindsTo", bound);
        unit.Add("After", $"{StateLayout.NetnsUnit(name)} {StateLayout.WireGuardUnit(ns.WireGuard.Interface.ToString())}");

        // Lists of units cannot be cleared, so no later drop-in takes the gate away.
        var gate = StateLayout.GateUnit(name, "%n");
        unit.Add("Requires", gate);
        unit.Add("After", gate);
    }

    /// <summary>A socket goes and stays with the service that it starts: systemd starts no socket beside its running service.</summary>
    internal static OnTunnelLoss LossOf(ConfinedNamespace ns, ConfinedSocket socket)
    {
        var service = socket.Service.ToString();
        return ns.Services.First(s => s.Unit.ToString() == service || s.Unit.ToString() == UnitName.TemplateOf(service)).OnTunnelLoss;
    }
}
