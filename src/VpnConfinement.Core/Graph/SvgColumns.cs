namespace VpnConfinement.Graph;

/// <summary>Where the columns of a picture stand.</summary>
internal sealed record SvgColumns(SvgColumn Callers, SvgColumn Namespace, SvgColumn Tunnel, SvgColumn Peers);
