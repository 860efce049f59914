namespace VpnConfinement.Graph;

/// <summary>A namespace with all that leads to it and from it, in words.</summary>
public sealed record GraphNamespace
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its WireGuard interface.</summary>
    public required string Interface { get; init; }

    /// <summary>The addresses of the tunnel, with prefix.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Where the peers are, an address or a name with a port; none for peers that call.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>The netns that the tunnel's own packets leave from; null for the host's.</summary>
    public required string? Birthplace { get; init; }

    /// <summary>What may leave through the tunnel, a statement each.</summary>
    public required IReadOnlyList<string> Out { get; init; }

    /// <summary>What may come in through the tunnel: <c>nothing</c>, or ports.</summary>
    public required string In { get; init; }

    /// <summary>Whether anything may come in through the tunnel.</summary>
    public required bool IsOpenToTunnel { get; init; }

    /// <summary>Ports that the host reaches over the host link; null without one.</summary>
    public required GraphHostLink? HostLink { get; init; }

    /// <summary>The confined services.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>The confined sockets.</summary>
    public required IReadOnlyList<GraphSocket> Sockets { get; init; }

    /// <summary>Where the host listens for published ports.</summary>
    public required IReadOnlyList<GraphPublished> Published { get; init; }
}
