namespace VpnConfinement.Linux.Tests.Policy;

/// <summary>Why a packet is refused; each reason is counted by itself.</summary>
public enum RefusalReason
{
    /// <summary>DNS-like traffic to anyone but the pinned resolvers.</summary>
    Dns,

    /// <summary>It may not leave.</summary>
    Egress,

    /// <summary>It would pass through the namespace.</summary>
    Forward,

    /// <summary>It is neither the host calling a published port nor a reply to that.</summary>
    HostLink,

    /// <summary>It comes in and nobody asked for it.</summary>
    Input,

    /// <summary>It belongs to no flow.</summary>
    Invalid,

    /// <summary>IPv6, or IPv6 inside IPv4, while IPv6 is disabled.</summary>
    IPv6,
}
