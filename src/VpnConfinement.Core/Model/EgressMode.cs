namespace VpnConfinement.Model;

/// <summary>What may leave through the tunnel (option <c>egress.mode</c>).</summary>
public enum EgressMode
{
    /// <summary>Everything.</summary>
    AllowAllTunnel,

    /// <summary>What is listed.</summary>
    AllowList,
}
