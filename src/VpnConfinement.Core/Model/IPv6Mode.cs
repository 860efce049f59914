namespace VpnConfinement.Model;

/// <summary>Option <c>ipv6.mode</c>.</summary>
public enum IPv6Mode
{
    /// <summary>No IPv6 at all in the namespace.</summary>
    Disable,

    /// <summary>IPv6 over the tunnel, under the same rules as IPv4.</summary>
    Tunnel,
}
