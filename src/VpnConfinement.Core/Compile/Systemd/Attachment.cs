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
        unit.Section("Unit");
        unit.Add("Requires", bound);
        unit.Add("BindsTo", bound);
        unit.Add("After", $"{netns} {wireGuard}");

        // Lists of units cannot be cleared, so no later drop-in takes the gate away.
        var gate = StateLayout.GateUnit(ns.Name.ToString(), "%n");
        unit.Add("Requires", gate);
        unit.Add("After", gate);
        unit.Add("Wants", onTunnelLoss is OnTunnelLoss.Blackhole ? $"{wireGuard} {returns}" : returns);
        unit.Add("Before", returns);
    }

    /// <summary>A socket goes and stays with the service that it starts: systemd starts no socket beside its running service.</summary>
    internal static OnTunnelLoss LossOf(ConfinedNamespace ns, ConfinedSocket socket)
    {
        var service = socket.Service.ToString();
        return ns.Services.First(s => s.Unit.ToString() == service || s.Unit.ToString() == UnitName.TemplateOf(service)).OnTunnelLoss;
    }
}
