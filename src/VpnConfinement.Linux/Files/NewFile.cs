using VpnConfinement.Linux.Interop;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Files;

/// <summary>
/// The one way in which this program writes a file: of a name that nothing has yet, not even a symbolic link (O_EXCL,
/// open(2)).
/// </summary>
public static class NewFile
{
    /// <summary>Makes the file with its mode and flushes it.</summary>
    /// <param name="path">Where; its folder is there.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="mode">Its mode, from its creation on.</param>
    /// <exception cref="SystemFailure">Something has the name, or the file cannot be made or flushed.</exception>
    /// <exception cref="IOException">It cannot be written whole: it may be there in part.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using var file = Kernel.Open(path, O_WRONLY | O_CREAT | O_EXCL, (uint)mode);

        // The mask of the process may have taken bits away; it can never have added any.
        File.SetUnixFileMode(file, mode);
        RandomAccess.Write(file, content, 0);
        Kernel.Flush(file, $"flush {path}");
    }
}
