using System.Text;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Facts;

/// <summary>Reads text that a user wrote.</summary>
public static class TextFile
{
    /// <summary>Largest file that is read, in bytes; configurations are a thousand times smaller.</summary>
    public const int MaxBytes = 16 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file as UTF-8.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="shownAs">The name for findings.</param>
    /// <exception cref="IOException">It cannot be read, is no text in UTF-8, or is larger than <see cref="MaxBytes"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static SourceText Read(string path, string shownAs)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Read(stream, shownAs);
    }

    /// <summary>Reads a stream to its end as UTF-8, under the same bounds.</summary>
    /// <exception cref="IOException">It is no text in UTF-8, or is larger than <see cref="MaxBytes"/>.</exception>
    public static SourceText Read(Stream stream, string shownAs)
    {
        var bytes = ReadBounded(stream, shownAs);
        try
        {
            return new SourceText(shownAs, Strict.GetString(bytes));
        }
        catch (DecoderFallbackException e)
        {
            throw new IOException($"{shownAs} is not text in UTF-8 (byte {e.Index})", e);
        }
    }

    private static byte[] ReadBounded(Stream stream, string shownAs)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[64 << 10];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxBytes)
            {
                throw new IOException($"{shownAs} is larger than {MaxBytes >> 20} MiB");
            }
        }

        return buffer.ToArray();
    }
}
