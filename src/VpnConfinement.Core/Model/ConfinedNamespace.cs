using System.Net;

namespace VpnConfinement.Model;

/// <summary>One VPN namespace: its tunnel, its resolver, its host link and who is confined in it.</summary>
public sealed record ConfinedNamespace
{
    /// <summary>Its name.</summary>
    public required NamespaceName Name { get; init; }

    /// <summary>Whether IPv6 is closed or tunnelled.</summary>
    public required IPv6Mode IPv6 { get; init; }

    /// <summary>Resolvers reached over the tunnel, in the order written; empty only under <see cref="DnsMode.Compat"/>.</summary>
    public required IReadOnlyList<IPAddress> DnsServers { get; init; }

    /// <summary>The profile.</summary>
    public required SecurityProfile Profile { get; init; }

    /// <summary>How DNS is contained.</summary>
    public required DnsMode DnsMode { get; init; }

    /// <summary>Whether services may ask nscd and the system bus of the host.</summary>
    public required bool AllowHostResolverIpc { get; init; }

    /// <summary>What may leave through the tunnel.</summary>
    public required Egress Egress { get; init; }

    /// <summary>TCP ports that may be reached through the tunnel, ascending, each once.</summary>
    public required IReadOnlyList<ushort> FromTunnelTcp { get; init; }

    /// <summary>UDP ports that may be reached through the tunnel, ascending, each once.</summary>
    public required IReadOnlyList<ushort> FromTunnelUdp { get; init; }

    /// <summary>Search domains, in the order written.</summary>
    public required IReadOnlyList<string> DnsSearch { get; init; }

    /// <summary>The veth pair to the host, or null.</summary>
    public required HostLink? HostLink { get; init; }

    /// <summary>The tunnel.</summary>
    public required WireGuardLink WireGuard { get; init; }

    /// <summary>The services that opted in, in ordinal order of their names.</summary>
    public required IReadOnlyList<ConfinedService> Services { get; init; }

    /// <summary>The socket units that opted in, in ordinal order of their names.</summary>
    public required IReadOnlyList<ConfinedSocket> Sockets { get; init; }

    /// <summary>Folders of the host that commands of <c>exec</c> do not see, ordinal order of their paths.</summary>
    public required IReadOnlyList<PathMask> CommandMasks { get; init; }

    /// <summary>Sockets of the host that lead to ports in the namespace, in the order written.</summary>
    public required IReadOnlyList<PublishedPort> Publish { get; init; }

    /// <summary>
    /// The page that <c>verify</c> asks through the tunnel from which address it was asked; null where none was named.
    /// </summary>
    public required string? VerifyUrl { get; init; }
}
