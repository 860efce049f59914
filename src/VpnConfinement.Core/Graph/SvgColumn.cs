namespace VpnConfinement.Graph;

/// <summary>A column in pixels.</summary>
internal readonly record struct SvgColumn(int X, int Width);
