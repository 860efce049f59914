namespace VpnConfinement.Drift;

/// <summary>The link of a tunnel and its device as they are.</summary>
public sealed record TunnelState
{
    /// <summary>Whether the link is up.</summary>
    public required bool IsUp { get; init; }

    /// <summary>MTU in bytes.</summary>
    public required uint Mtu { get; init; }

    /// <summary>
    /// MTU in bytes that it was given by the routes to its endpoints; null where it was given none, or it is not known.
    /// </summary>
    public required int? RouteMtu { get; init; }

    /// <summary>Its addresses, with prefix length.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>The routes over it in the main table.</summary>
    public required IReadOnlyList<LinkRouteState> Routes { get; init; }

    /// <summary>Its device.</summary>
    public required DeviceState Device { get; init; }
}
