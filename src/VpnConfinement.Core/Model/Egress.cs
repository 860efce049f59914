using System.Net;

namespace VpnConfinement.Model;

/// <summary>What may leave through the tunnel, beyond the pinned resolvers.</summary>
public sealed record Egress
{
    /// <summary>Everything or what is listed.</summary>
    public required EgressMode Mode { get; init; }

    /// <summary>TCP ports that may be called, ascending, each once.</summary>
    public required IReadOnlyList<ushort> TcpPorts { get; init; }

    /// <summary>UDP ports that may be called, ascending, each once.</summary>
    public required IReadOnlyList<ushort> UdpPorts { get; init; }

    /// <summary>Where to, in the fewest prefixes: no two overlap, no two make up a shorter one; IPv4 before IPv6, ascending. Empty is anywhere when ports are listed, and nowhere when none is.</summary>
    public required IReadOnlyList<IPNetwork> Cidrs { get; init; }

    /// <summary>Whether ICMP errors to the prefixes may leave.</summary>
    public required bool EssentialIcmp { get; init; }
}
