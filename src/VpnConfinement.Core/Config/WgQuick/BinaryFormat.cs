namespace VpnConfinement.Config.WgQuick;

/// <summary>A format that is no text, known by its first bytes.</summary>
/// <param name="Name">What such a file is, as <c>a PNG picture</c>.</param>
/// <param name="Remedy">What to do about one in the place of a wg-quick file.</param>
public sealed record BinaryFormat(string Name, string Remedy)
{
    private const string Picture =
        "A QR code is for the WireGuard app of a phone; download the configuration as a text file.";

    private const string Archive = "Unpack it, and name one of the files in it.";

    /// <summary>The format of a file, or null for one that is not known here.</summary>
    /// <param name="bytes">Its first bytes.</param>
    public static BinaryFormat? Of(ReadOnlySpan<byte> bytes) =>
        bytes is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] ? new("a PNG picture", Picture)
        : bytes is [0xff, 0xd8, 0xff, ..] ? new("a JPEG picture", Picture)
        : bytes.StartsWith("GIF8"u8) ? new("a GIF picture", Picture)
        : bytes.StartsWith("RIFF"u8) ? new("a WebP picture", Picture)
        : bytes.StartsWith("%PDF-"u8) ? new("a PDF document", Picture)
        : bytes.StartsWith("PK"u8) ? new("a ZIP archive", Archive)
        : bytes is [0x1f, 0x8b, ..] ? new("a gzip archive", Archive)
        : bytes.StartsWith("7z"u8) ? new("a 7z archive", Archive)
        : bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..]
            ? new("text in UTF-16", "Save it as UTF-8, without changing a line.")
        : null;
}
