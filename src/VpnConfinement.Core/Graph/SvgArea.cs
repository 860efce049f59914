namespace VpnConfinement.Graph;

/// <summary>A rectangle in pixels.</summary>
internal readonly record struct SvgArea(int X, int Y, int Width, int Height)
{
    /// <summary>What is left free on each side of what is in it.</summary>
    internal const int Padding = 10;

    /// <summary>Its right edge.</summary>
    internal int Right => X + Width;

    /// <summary>Its lower edge.</summary>
    internal int Bottom => Y + Height;

    /// <summary>The height of its middle.</summary>
    internal int Middle => Y + Height / 2;

    /// <summary>Height of a box with some lines of text.</summary>
    internal static int HeightOf(int lines) => lines * SvgDocument.LineHeight + Padding;
}
