using System.Net;

namespace VpnConfinement.Model;

/// <summary>One VPN namespace: its tunnel, its resolver, its host link and who is confined in it.</summary>
public sealed record ConfinedNamespace
{
    /// <summary>Its name.</summary>
    public required NamespaceName Name { get; init; }

    /// <summary>Whether IPv6 is closed or tunnelled.</summary>
    public required IPv6Mode IPv6 { get; init; }

    /// <summary>Resolvers reached over the tunnel, in the order written; never empty.</summary>
    public required IReadOnlyList<IPAddress> DnsServers { get; init; }

    /// <summary>Search domains, in the order written.</summary>
    public required IReadOnlyList<string> DnsSearch { get; init; }

    /// <summary>The veth pair to the host, or null.</summary>
    public required HostLink? HostLink { get; init; }

    /// <summary>The tunnel.</summary>
    public required WireGuardLink WireGuard { get; init; }

    /// <summary>The services that opted in, in ordinal order of their names.</summary>
    public required IReadOnlyList<ConfinedService> Services { get; init; }
}
