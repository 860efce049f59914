using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Drift;
using VpnConfinement.Health;

namespace VpnConfinement.Doctor;

/// <summary>Tunnels: the way to the endpoint, what it has room for, keys used twice, and no answer.</summary>
internal static class TunnelRules
{
    // Bytes that WireGuard adds (drivers/net/wireguard/device.c): 32, with UDP's 8 and the address family's header.
    private const int OverheadIPv4 = 60;
    private const int OverheadIPv6 = 80;

    internal static IEnumerable<DoctorFinding> Find(DoctorFacts facts)
    {
        var tunnels = Tunnels(facts).ToList();
        return [.. tunnels.SelectMany(t => OfTunnel(facts, t.Namespace, t.Tunnel)), .. UsedTwice(facts, tunnels)];
    }

    /// <summary>The tunnels that are up.</summary>
    internal static IEnumerable<(string Namespace, TunnelFacts Tunnel)> Tunnels(DoctorFacts facts) =>
        from ns in (facts.Namespaces as Observation<IReadOnlyList<NamespaceFacts>>.Known)?.Value ?? []
        let tunnel = (ns.Tunnel as Observation<TunnelFacts?>.Known)?.Value
        where tunnel is not null
        select (ns.Name, tunnel);

    /// <summary>Whether the tunnel of a namespace gets no answer.</summary>
    internal static bool IsSilent(DoctorFacts facts, string ns) =>
        facts.Health is Observation<IReadOnlyList<HealthEntry>>.Known { Value: var health }
        && health.Any(h => h.Kind is HealthKind.Tunnel && h.Namespace == ns && h.State is HealthState.Blocked);

    private static bool IsResolverSilent(DoctorFacts facts, string ns) =>
        facts.Health is Observation<IReadOnlyList<HealthEntry>>.Known { Value: var health }
        && health.Any(h => h.Kind is HealthKind.Resolver && h.Namespace == ns && h.State is HealthState.Blocked);

    private static IEnumerable<DoctorFinding> OfTunnel(DoctorFacts facts, string ns, TunnelFacts tunnel)
    {
        var narrow = MtuMeasured(ns, tunnel);
        if (narrow is not null)
        {
            yield return narrow;
        }

        foreach (var peer in tunnel.Peers)
        {
            if (peer is not { Endpoint: { } endpoint, Route: Observation<EndpointRoute>.Known { Value: var route } })
            {
                continue;
            }

            switch (route)
            {
                case EndpointRoute.None:
                    yield return new DoctorFinding(
                        "no-route-to-endpoint",
                        DoctorSeverity.Error,
                        ns,
                        $"The host has no route to {endpoint}, the endpoint of the tunnel {tunnel.Interface} of "
                            + $"namespace {ns}. No packet of the tunnel leaves.",
                        $"Run 'ip route get {endpoint.Address}', and bring up the uplink or write the missing route.");
                    continue;
                case EndpointRoute.Local:
                    yield return new DoctorFinding(
                        "endpoint-is-this-host",
                        DoctorSeverity.Error,
                        ns,
                        $"{endpoint}, the endpoint of the tunnel {tunnel.Interface} of namespace {ns}, is an address "
                            + "of this host.",
                        "Write the server's address as the peer's endpoint, then run 'vpn-confinement apply'.");
                    continue;
                case EndpointRoute.Over over:
                    if (narrow is null && MtuTooLarge(ns, tunnel, endpoint, over) is { } mtu)
                    {
                        yield return mtu;
                    }

                    if (over.Kind is "wireguard" or "tun")
                    {
                        yield return OverTunnel(ns, tunnel, endpoint, over);
                    }

                    break;
                default:
                    throw new InvalidOperationException("a route of an unknown kind");
            }

            if (peer is { SentBytes: 0, LatestHandshake: null } && IsResolverSilent(facts, ns))
            {
                yield return Refused(facts, ns, tunnel, endpoint);
            }
            else if (peer.SentBytes > 0 && IsSilent(facts, ns) && IsUnanswered(facts, peer))
            {
                yield return NoAnswer(facts, ns, tunnel, peer, endpoint);
            }
        }
    }

    // An old handshake is no answer to what is sent now.
    private static bool IsUnanswered(DoctorFacts facts, PeerFacts peer) => peer.LatestHandshake is not { } handshake
        || facts.Clock is not Observation<ClockReading>.Known { Value.Now: var now }
        || now - handshake >= TunnelHealth.SessionLife;

    private static DoctorFinding? MtuTooLarge(
        string ns, TunnelFacts tunnel, IPEndPoint endpoint, EndpointRoute.Over over)
    {
        var overhead = endpoint.AddressFamily is AddressFamily.InterNetworkV6 ? OverheadIPv6 : OverheadIPv4;
        return tunnel.Mtu + overhead <= over.Mtu ? null : new DoctorFinding(
            "mtu-too-large",
            DoctorSeverity.Warning,
            ns,
            Text($"The tunnel {tunnel.Interface} of namespace {ns} has an MTU of {tunnel.Mtu} bytes, and the way to ")
                + Text($"{endpoint} over {over.Link} has room for {over.Mtu - overhead}. ")
                + "Large packets are cut or lost.",
            WriteMtu(tunnel, over.Mtu - OverheadIPv6));
    }

    // Who was asked may refuse large requests: what is seen is that they are not answered.
    private static DoctorFinding? MtuMeasured(string ns, TunnelFacts tunnel) =>
        tunnel.Room is not Observation<TunnelRoom?>.Known { Value: { Unanswered: { } unanswered } room } ? null
        : new DoctorFinding(
            "mtu-too-large",
            DoctorSeverity.Warning,
            ns,
            Text($"The tunnel {tunnel.Interface} of namespace {ns} has an MTU of {tunnel.Mtu} bytes. Through it, ")
                + Text($"{room.Request} of up to {room.Answered} bytes were answered. Those of {unanswered} bytes and ")
                + "more were not, each time they were tried. It is likely that a router on the way drops large packets "
                + "silently; it may be that only large requests are refused.",
            WriteMtu(tunnel, room.Answered));

    private static string WriteMtu(TunnelFacts tunnel, int mtu) =>
        Text($"Write wireguard.interfaces.{tunnel.Interface}.mtu = {mtu}, or MTU = ")
            + Text($"{mtu} in the provider's file, then run 'vpn-confinement apply'.");

    private static DoctorFinding OverTunnel(
        string ns, TunnelFacts tunnel, IPEndPoint endpoint, EndpointRoute.Over over) => new(
            "endpoint-over-tunnel",
            DoctorSeverity.Notice,
            ns,
            $"The packets of the tunnel {tunnel.Interface} of namespace {ns} go to {endpoint} through another tunnel, "
                + $"{over.Link}. They stop when that one does.",
            $"Run 'ip route get {endpoint.Address}', and write a route of its own for that address "
                + "if it is not meant.");

    // A resolver was asked, and no byte left: a handshake that is refused here is not counted.
    private static DoctorFinding Refused(DoctorFacts facts, string ns, TunnelFacts tunnel, IPEndPoint endpoint) => new(
        "packets-refused",
        DoctorSeverity.Error,
        ns,
        $"Something was to go through the tunnel {tunnel.Interface} of namespace {ns}, and no byte went to {endpoint}. "
            + $"A firewall of this host may refuse it{Dropping(facts)}.",
        $"Allow UDP to {endpoint} in the rules of this host ('nft list ruleset').");

    private static string Dropping(DoctorFacts facts) =>
        facts.DroppingChains is Observation<IReadOnlyList<string>>.Known { Value: { Count: > 0 } chains }
            ? $" (this host drops by policy in {string.Join(", ", chains)})"
            : "";

    private static DoctorFinding NoAnswer(
        DoctorFacts facts, string ns, TunnelFacts tunnel, PeerFacts peer, IPEndPoint endpoint)
    {
        var reach = $"the server, or its UDP port, is not reached{Dropping(facts)}";
        var key = "the server does not know this tunnel's key, or the peer's key is not the server's";
        var clock = "this host's clock is behind one that the server saw before";

        // What speaks for a cause puts it first; it does not make it certain.
        var isBehind = facts.Clock is Observation<ClockReading>.Known { Value: var reading }
            && SystemRules.IsBehind(reading);
        string[] causes = isBehind ? [clock, reach, key] : [reach, key, clock];
        return new DoctorFinding(
            "no-answer",
            DoctorSeverity.Error,
            ns,
            Text($"{peer.SentBytes} bytes went to {endpoint}, the peer {peer.PublicKey} of the tunnel ")
                + Text($"{tunnel.Interface} of namespace {ns}, and no handshake came back. ")
                + $"It may be that: 1. {causes[0]}; 2. {causes[1]}; 3. {causes[2]}. "
                + "Which of them it is cannot be told from here.",
            "Compare endpoint, port and keys with the provider's file; try another server of it; "
                + "allow UDP to that endpoint in the firewalls on the way; look at the clock with 'timedatectl'.");
    }

    private static IEnumerable<DoctorFinding> UsedTwice(
        DoctorFacts facts, List<(string Namespace, TunnelFacts Tunnel)> tunnels)
    {
        var foreign = (facts.ForeignTunnels as Observation<IReadOnlyList<ForeignTunnel>>.Known)?.Value ?? [];
        foreach (var (ns, tunnel) in tunnels.Where(t => t.Tunnel.PublicKey is not null))
        {
            var others = foreign.Where(f => f.PublicKey == tunnel.PublicKey).Select(f => $"{f.Name} of the host")
                .Concat(tunnels
                    .Where(t => string.CompareOrdinal(t.Namespace, ns) < 0 && t.Tunnel.PublicKey == tunnel.PublicKey)
                    .Select(t => $"{t.Tunnel.Interface} of namespace {t.Namespace}"));
            foreach (var other in others)
            {
                yield return new DoctorFinding(
                    "key-used-twice",
                    DoctorSeverity.Error,
                    ns,
                    $"The tunnel {tunnel.Interface} of namespace {ns} has the same private key as {other}. "
                        + "The server answers whichever sent last, and both lose packets.",
                    "Take one of them down, or have the provider give one a key of its own.");
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
