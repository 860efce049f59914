namespace VpnConfinement.Plan;

/// <summary>
/// Which changes can be made on the living tunnel: its peers, keys, endpoints, routes and MTU, where its packets may go,
/// and the ruleset.
/// </summary>
internal static class LivingChange
{
    /// <summary>
    /// The change of the ruleset, where a namespace that is up can be brought to another plan without being taken down,
    /// and its services with it; null otherwise.
    /// </summary>
    /// <param name="from">What it was brought up by.</param>
    /// <param name="to">What it is to be.</param>
    /// <param name="policyOf">
    /// The policy that the ruleset of a plan is known to come from; null where it is not known.
    /// </param>
    internal static RulesetChange? Of(NamespacePlan from, NamespacePlan to, Func<NamespacePlan, PolicyPlan?> policyOf)
    {
        if (from.Pinning?.Table != to.Pinning?.Table || TakesAway(from.WireGuard, to.WireGuard)
            || PlanJson.Write(Lasting(from)) != PlanJson.Write(Lasting(to)))
        {
            return null;
        }

        return from.RulesetSha256 == to.RulesetSha256 ? RulesetChange.Nothing
            : policyOf(from) is { } before && policyOf(to) is { } after ? RulesetChange.Between(before, after)
            : RulesetChange.Everything;
    }

    // A link has no message for that: it would keep the port and the endpoint, and go on sending there.
    private static bool TakesAway(WireGuardPlan from, WireGuardPlan to) =>
        (from.ListenPort is not null && to.ListenPort is null)
        || to.Peers.Any(p => !HasEndpoint(p)
            && from.Peers.Any(before => before.PublicKey == p.PublicKey && HasEndpoint(before)));

    private static bool HasEndpoint(PeerPlan peer) => peer.Endpoint is not null || peer.EndpointName is not null;

    // All that is not set on the living link.
    private static NamespacePlan Lasting(NamespacePlan plan) => plan with
    {
        RulesetSha256 = "",
        Policy = null,
        Pinning = null,
        WireGuard = plan.WireGuard with { Peers = [], Routes = [], Mtu = null, ListenPort = null, PrivateKeyFile = "" },
    };
}
