using System.Text;
using VpnConfinement.Config.WgQuick;
using VpnConfinement.Linux.Files;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Facts;

/// <summary>Reads text that a user wrote.</summary>
public static class TextFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file as UTF-8.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="shownAs">The name for findings.</param>
    /// <exception cref="FileNotFoundException">Nothing is there, or a symbolic link that leads to nothing.</exception>
    /// <exception cref="UnreadableFileException">It is no regular file, or too large.</exception>
    /// <exception cref="NotTextException">It is no text in UTF-8.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SourceText Read(string path, string shownAs)
    {
        using var file = RegularFile.Open(path);
        return Read(file, shownAs);
    }

    /// <summary>Reads an open file as UTF-8, under the same bounds.</summary>
    internal static SourceText Read(RegularFile file, string shownAs) =>
        Decoded(file.ReadBytes(RegularFile.MostText), shownAs);

    /// <summary>Reads a stream to its end as UTF-8, under the same bounds.</summary>
    /// <exception cref="IOException">It is no text in UTF-8, or too large.</exception>
    public static SourceText Read(Stream stream, string shownAs) => Decoded(ReadBounded(stream, shownAs), shownAs);

    private static SourceText Decoded(byte[] bytes, string shownAs)
    {
        try
        {
            return new SourceText(shownAs, Strict.GetString(bytes));
        }
        catch (DecoderFallbackException e)
        {
            throw new NotTextException($"{shownAs} is not text in UTF-8 (byte {e.Index})", BinaryFormat.Of(bytes), e);
        }
    }

    private static byte[] ReadBounded(Stream stream, string shownAs)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[64 << 10];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > RegularFile.MostText)
            {
                throw new IOException($"{shownAs} is larger than {RegularFile.MostText >> 20} MiB");
            }
        }

        return buffer.ToArray();
    }
}
