namespace VpnConfinement.State;

/// <summary>A confined unit.</summary>
/// <param name="Name">A service or a socket with its suffix; templates as <c>app@.service</c>.</param>
/// <param name="Activates">The service that a socket starts; null for a service.</param>
/// <param name="OutlivesTunnel">Whether it runs on, cut off, while the tunnel is away.</param>
/// <param name="PrivateRun">Whether it has a /run of its own, by which the helpers of the host's resolver are hidden.</param>
public sealed record ManifestUnit(string Name, string? Activates, bool OutlivesTunnel, bool PrivateRun)
{
    /// <summary>Whether it is a socket.</summary>
    public bool IsSocket => Activates is not null;
}
