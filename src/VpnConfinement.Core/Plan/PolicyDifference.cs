using VpnConfinement.Model;

namespace VpnConfinement.Plan;

/// <summary>A change of policy in words: a line for what goes, after a minus, and one for what comes.</summary>
public static class PolicyDifference
{
    /// <summary>The lines; none where the policies are the same.</summary>
    public static IReadOnlyList<string> Between(PolicyPlan before, PolicyPlan after)
    {
        var (from, to) = (before.Egress, after.Egress);
        return
        [
            .. Of("DNS", [Words(before.DnsMode)], [Words(after.DnsMode)]),
            .. Of("resolvers", before.DnsServers, after.DnsServers),
            .. Of("TCP ports that the host may call", before.HostTcpPorts, after.HostTcpPorts),
            .. Of("TCP ports that are open through the tunnel", before.FromTunnelTcp, after.FromTunnelTcp),
            .. Of("UDP ports that are open through the tunnel", before.FromTunnelUdp, after.FromTunnelUdp),
            .. Of("what may leave through the tunnel", [Words(from.Mode)], [Words(to.Mode)]),
            .. Of("TCP ports that may be called", from.TcpPorts, to.TcpPorts),
            .. Of("UDP ports that may be called", from.UdpPorts, to.UdpPorts),
            .. Of("prefixes that may be called", from.Cidrs, to.Cidrs),
            .. Of("ICMP errors to them", [Words(from.EssentialIcmp)], [Words(to.EssentialIcmp)]),
        ];
    }

    private static IEnumerable<string> Of<T>(string name, IReadOnlyList<T> before, IReadOnlyList<T> after) =>
    [
        .. Line($"-{name}: ", before.Except(after)),
        .. Line($"+{name}: ", after.Except(before)),
    ];

    private static IEnumerable<string> Line<T>(string name, IEnumerable<T> values) =>
        string.Join(", ", values) is { Length: > 0 } text ? [name + text] : [];

    private static string Words(DnsMode mode) => mode == DnsMode.Strict ? "only the listed resolvers" : "any resolver";

    private static string Words(EgressMode mode) => mode == EgressMode.AllowAllTunnel ? "everything" : "what is listed";

    private static string Words(bool allowed) => allowed ? "may leave" : "may not leave";
}
