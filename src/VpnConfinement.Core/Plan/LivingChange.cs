namespace VpnConfinement.Plan;

/// <summary>Which changes of a plan can be made on the living tunnel: its peers, keys, endpoints, routes and MTU, and where its packets may go.</summary>
public static class LivingChange
{
    /// <summary>Whether a namespace that is up by one plan can be brought to another without being taken down, and its services with it.</summary>
    public static bool IsPossible(NamespacePlan from, NamespacePlan to) =>
        from.Pinning?.Table == to.Pinning?.Table && PlanJson.Write(Lasting(from)) == PlanJson.Write(Lasting(to));

    // All that is not set on the living link.
    private static NamespacePlan Lasting(NamespacePlan plan) => plan with
    {
        Pinning = null,
        WireGuard = plan.WireGuard with { Peers = [], Routes = [], Mtu = 0, ListenPort = null, PrivateKeyFile = "" },
    };
}
