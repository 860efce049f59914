namespace VpnConfinement.Compile.Nftables;

/// <summary>The named counters of a namespace's ruleset: each says why packets were refused.</summary>
public static class RefusedCounters
{
    /// <summary>DNS-like traffic to anyone but the pinned resolvers.</summary>
    public const string Dns = "refused_dns";

    /// <summary>Traffic that may not enter the tunnel, or had no tunnel to enter.</summary>
    public const string Egress = "refused_egress";

    /// <summary>Packets to be forwarded.</summary>
    public const string Forward = "refused_forward";

    /// <summary>Anything on the host link that is not the host calling a published port, or the reply to it.</summary>
    public const string HostLink = "refused_host_link";

    /// <summary>Packets from the tunnel that nobody asked for.</summary>
    public const string Input = "refused_input";

    /// <summary>Packets that belong to no connection.</summary>
    public const string Invalid = "refused_invalid";

    /// <summary>IPv6, or IPv6 inside IPv4, while IPv6 is disabled.</summary>
    public const string IPv6 = "refused_ipv6";

    /// <summary>All of them in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } = [Dns, Egress, Forward, HostLink, Input, Invalid, IPv6];
}
