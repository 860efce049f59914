using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Plan;

/// <summary>
/// Which traffic a namespace may have: what its ruleset is made of, beside the names and addresses of its links.
/// </summary>
public sealed record PolicyPlan
{
    /// <summary>How DNS is contained.</summary>
    public required DnsMode DnsMode { get; init; }

    /// <summary>The resolvers that may be asked over the tunnel.</summary>
    public required IReadOnlyList<IPAddress> DnsServers { get; init; }

    /// <summary>What may leave through the tunnel.</summary>
    public required Egress Egress { get; init; }

    /// <summary>TCP ports that the host may call over the host link, ascending, each once.</summary>
    public required IReadOnlyList<ushort> HostTcpPorts { get; init; }

    /// <summary>TCP ports that may be reached through the tunnel, ascending, each once.</summary>
    public required IReadOnlyList<ushort> FromTunnelTcp { get; init; }

    /// <summary>UDP ports that may be reached through the tunnel, ascending, each once.</summary>
    public required IReadOnlyList<ushort> FromTunnelUdp { get; init; }
}
