using VpnConfinement.Config.WgQuick;

namespace VpnConfinement.Linux.Facts;

/// <summary>A file holds no text in UTF-8.</summary>
/// <param name="message">Which file, and from which byte on.</param>
/// <param name="format">What it is instead, where its first bytes tell; null for anything else.</param>
/// <param name="inner">Why it is none.</param>
public sealed class NotTextException(string message, BinaryFormat? format, Exception inner)
    : IOException(message, inner)
{
    /// <summary>What it is instead; null where that is not known.</summary>
    public BinaryFormat? Format => format;
}
