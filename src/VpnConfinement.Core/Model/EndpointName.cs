using System.Globalization;

namespace VpnConfinement.Model;

/// <summary>The endpoint of a peer by name, printed as <c>name:port</c>.</summary>
/// <param name="Name">The host's name.</param>
/// <param name="Port">UDP port, not 0.</param>
public sealed record EndpointName(string Name, ushort Port)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Port}");
}
