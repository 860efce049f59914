using VpnConfinement.Change;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Apply;

/// <summary>Changes tunnels that are up, with their rulesets, and stops no service for it.</summary>
internal static class LivingTunnels
{
    /// <summary>Changes them; one that went down meanwhile comes up changed.</summary>
    /// <exception cref="SystemFailure">
    /// One failed: what is up is under the old ruleset or the new one, or has no link.
    /// </exception>
    internal static void Adjust(ChangeStep.Adjust step, Systemctl systemctl, Action<string> say)
    {
        var plans = step.Plans.ToDictionary(p => p.Namespace, StringComparer.Ordinal);
        var down = systemctl.DownAmong([.. step.Living.Select(a => TunnelOf(plans[a.Namespace]))]);
        foreach (var (ns, _, ruleset) in step.Living)
        {
            var tunnel = TunnelOf(plans[ns]);
            try
            {
                NetnsUp.Adjust(PlanStore.Load(ns), ruleset, static _ => { });
                if (File.Exists(StateLayout.PinPlace(ns)))
                {
                    EndpointPin.Up(plans[ns], static _ => { });
                }

                if (!down.Contains(tunnel))
                {
                    WireGuardUp.Run(plans[ns], static _ => { });
                }

                say($"changed on the living tunnel of {ns}");
            }
            catch (SystemFailure e)
                when (new[] { StateLayout.NetnsUnit(ns), tunnel }
                    .Any(u => !down.Contains(u) && !systemctl.IsActive(u)))
            {
                // Its last service ended, of the flow that was ended here for one, and took it down meanwhile.
                say($"{ns} went down meanwhile and comes up changed ({e.Message})");
            }
        }
    }

    private static string TunnelOf(NamespacePlan plan) => StateLayout.WireGuardUnit(plan.WireGuard.Interface);
}
