using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Graph;

/// <summary>Makes the picture of a namespace from what was compiled of it, applied or not.</summary>
public static class GraphReader
{
    /// <summary>Makes it.</summary>
    /// <param name="ns">The namespace with its units.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="fileText">The text of a unit file by its path; null where it is missing.</param>
    public static GraphNamespace Of(ManifestNamespace ns, NamespacePlan plan, Func<string, string?> fileText) => new()
    {
        Name = ns.Name,
        Interface = ns.Interface,
        Addresses = [.. plan.WireGuard.Addresses.Select(a => $"{a}")],
        Endpoints =
        [
            .. plan.WireGuard.Peers.Select(p => p.EndpointName?.ToString() ?? p.Endpoint?.ToString()).OfType<string>(),
        ],
        Birthplace = plan.WireGuard.Birthplace,
        Out = [.. Out(plan)],
        In = In(plan.Policy),
        IsOpenToTunnel = plan.Policy is not { FromTunnelTcp: [], FromTunnelUdp: [] },
        HostLink = plan.HostLink is { } link ? HostLink(link, plan.Policy) : null,
        Services = [.. ns.Units.Where(u => !u.IsSocket).Select(u => u.Name)],
        Sockets = [.. ns.Units.Where(u => u.IsSocket).Select(u => new GraphSocket(u.Name, u.Activates!))],
        Published = [.. ns.Published.SelectMany(socket => Published(socket, fileText))],
    };

    // The plan of an older program has the ruleset alone.
    private static IEnumerable<string> Out(NamespacePlan plan)
    {
        if (plan.Policy is not { } policy)
        {
            yield return "as its ruleset says";
            yield break;
        }

        yield return Egress(policy.Egress);
        if (policy.DnsServers.Count > 0)
        {
            var only = policy.DnsMode is DnsMode.Strict ? " only" : "";
            yield return $"DNS to {string.Join(", ", policy.DnsServers)}{only}";
        }

        if (plan.DisableIPv6)
        {
            yield return "no IPv6";
        }
    }

    private static string Egress(Egress egress)
    {
        if (egress.Mode is EgressMode.AllowAllTunnel)
        {
            return "everything";
        }

        var ports = Ports(egress.TcpPorts, egress.UdpPorts);
        var places = string.Join(", ", egress.Cidrs);
        return (ports.Length, places.Length) switch
        {
            (0, 0) => "nothing else",
            (0, _) => $"everything to {places}",
            (_, 0) => ports,
            _ => $"{ports} to {places}",
        };
    }

    private static string In(PolicyPlan? policy) =>
        policy is null ? "as its ruleset says"
        : Ports(policy.FromTunnelTcp, policy.FromTunnelUdp) is { Length: > 0 } ports ? ports
        : "nothing";

    private static GraphHostLink HostLink(HostLinkPlan link, PolicyPlan? policy) => new(
        $"{link.HostInterface}", $"{link.HostAddress}",
        policy is null ? "as its ruleset says"
        : policy.HostTcpPorts.Count == 0 ? ""
        : $"{link.NamespaceAddress}, {Ports(policy.HostTcpPorts, [])}");

    private static IEnumerable<GraphPublished> Published(string socket, Func<string, string?> fileText)
    {
        var path = $"{StateLayout.UnitFolder}/{socket}";
        if (StateLayout.PublishedPort(socket) is not { } port)
        {
            return [];
        }

        var listens = fileText(path) is { } text
            ? UnitSettings.Read([new SourceText(path, text)]).All("Socket", "ListenStream")
            : [];
        return listens.Count == 0
            ? [new GraphPublished(socket, port)]
            : listens.Select(l => new GraphPublished(Listen(l), port));
    }

    private static string Listen(string written) =>
        written.All(char.IsAsciiDigit) ? $"*:{written}" : written.Replace("%%", "%", StringComparison.Ordinal);

    private static string Ports(IReadOnlyList<ushort> tcp, IReadOnlyList<ushort> udp) =>
        string.Join(", ", tcp.Select(p => $"TCP {p}").Concat(udp.Select(p => $"UDP {p}")));
}
