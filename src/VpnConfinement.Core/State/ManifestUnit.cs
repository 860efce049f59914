namespace VpnConfinement.State;

/// <summary>A confined unit.</summary>
/// <param name="Name">A service or a socket with its suffix; templates as <c>app@.service</c>.</param>
/// <param name="Activates">The service that a socket starts; null for a service.</param>
/// <param name="OutlivesTunnel">Whether it runs on, cut off, while the tunnel is away.</param>
public sealed record ManifestUnit(string Name, string? Activates, bool OutlivesTunnel)
{
    /// <summary>Whether it is a socket.</summary>
    public bool IsSocket => Activates is not null;
}
