using System.Text;

namespace VpnConfinement.Linux.Interop;

/// <summary>Files of the kernel below /proc and /sys: they have no size, and reading one waits for nobody.</summary>
internal static class KernelFile
{
    private const int Step = 4096;

    /// <summary>The whole text.</summary>
    /// <param name="path">Absolute path below /proc or /sys.</param>
    /// <exception cref="SystemFailure">It cannot be opened or read; has the errno.</exception>
    internal static string ReadText(string path)
    {
        if (!path.StartsWith("/proc/", StringComparison.Ordinal) && !path.StartsWith("/sys/", StringComparison.Ordinal))
        {
            throw new ArgumentException($"{path} is no file of the kernel", nameof(path));
        }

        return Encoding.UTF8.GetString(ReadBytes(path));
    }

    /// <summary>The whole of it, which need not be text.</summary>
    /// <param name="path">Absolute path below /proc or /sys.</param>
    /// <param name="mostLines">Reading ends once there are so many line ends.</param>
    /// <exception cref="SystemFailure">As <see cref="ReadText"/>.</exception>
    internal static ReadOnlySpan<byte> ReadBytes(string path, int mostLines = int.MaxValue)
    {
        using var file = Kernel.Open(path, LibcConstants.O_RDONLY);
        var bytes = new byte[Step];
        var length = 0;
        var lines = 0;
        for (int count; lines < mostLines && (count = Kernel.Read(file, bytes.AsSpan(length), $"read {path}")) > 0;)
        {
            lines += bytes.AsSpan(length, count).Count((byte)'\n');
            length += count;
            if (bytes.Length - length < Step)
            {
                Array.Resize(ref bytes, bytes.Length * 2);
            }
        }

        return bytes.AsSpan(0, length);
    }

    /// <summary>The lines of the text.</summary>
    /// <exception cref="SystemFailure">As <see cref="ReadText"/>.</exception>
    internal static string[] ReadLines(string path) =>
        ReadText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The first lines of a list in a control group: however long it is, no more is read than they need.</summary>
    /// <param name="path">Absolute path; tests have folders that stand in for control groups.</param>
    /// <param name="most">How many lines.</param>
    /// <exception cref="SystemFailure">As <see cref="ReadText"/>.</exception>
    internal static IEnumerable<string> ReadLines(string path, int most) =>
        Encoding.UTF8.GetString(ReadBytes(path, most)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(most);

    /// <summary>Writes a value in one piece, as the kernel wants it.</summary>
    /// <exception cref="SystemFailure">The kernel refuses it.</exception>
    internal static void Write(string path, string value)
    {
        using var file = Kernel.Open(path, LibcConstants.O_WRONLY);
        try
        {
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(value), 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SystemFailure($"cannot write {path}: {e.Message}", e);
        }
    }
}
