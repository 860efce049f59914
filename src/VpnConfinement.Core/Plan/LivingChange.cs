namespace VpnConfinement.Plan;

/// <summary>Which changes can be made on the living tunnel: its peers, keys, endpoints, routes and MTU, where its packets may go, and the lists of what may pass.</summary>
public static class LivingChange
{
    /// <summary>The change of the ruleset, where a namespace that is up can be brought to another plan without being taken down, and its services with it; null otherwise.</summary>
    public static RulesetChange? Of(AppliedNamespace from, NamespacePlan to, string ruleset) =>
        from.Plan.Pinning?.Table == to.Pinning?.Table && PlanJson.Write(Lasting(from.Plan)) == PlanJson.Write(Lasting(to)) ? RulesetChange.Between(from.Ruleset, ruleset) : null;

    // All that is not set on the living link.
    private static NamespacePlan Lasting(NamespacePlan plan) => plan with
    {
        RulesetSha256 = "",
        Pinning = null,
        WireGuard = plan.WireGuard with { Peers = [], Routes = [], Mtu = 0, ListenPort = null, PrivateKeyFile = "" },
    };
}
