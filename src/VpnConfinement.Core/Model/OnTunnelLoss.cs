namespace VpnConfinement.Model;

/// <summary>What happens to a service whose tunnel is gone (option <c>onTunnelLoss</c>).</summary>
public enum OnTunnelLoss
{
    /// <summary>It is stopped, and started when the tunnel is back.</summary>
    Stop,

    /// <summary>It runs on, cut off, until the tunnel is back.</summary>
    Blackhole,
}
