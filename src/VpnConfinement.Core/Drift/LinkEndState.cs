namespace VpnConfinement.Drift;

/// <summary>One end of a host link as it is.</summary>
public sealed record LinkEndState
{
    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is up.</summary>
    public required bool IsUp { get; init; }

    /// <summary>MTU in bytes.</summary>
    public required uint Mtu { get; init; }

    /// <summary>Hardware address, or null where it has none of Ethernet's length.</summary>
    public required string? HardwareAddress { get; init; }

    /// <summary>Name of the bridge, bond or VRF that it is a port of, or null.</summary>
    public required string? Master { get; init; }

    /// <summary>The alias that says whose it is (ip-link(8)).</summary>
    public required string Alias { get; init; }

    /// <summary>Whether IPv6 gives it addresses by itself (IFLA_INET6_ADDR_GEN_MODE is not none).</summary>
    public required bool MakesAddresses { get; init; }

    /// <summary>Its addresses, with prefix length.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>The unicast routes over it.</summary>
    public required IReadOnlyList<LinkRouteState> Routes { get; init; }
}
