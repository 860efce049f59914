using System.Text;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Files;

/// <summary>Files that change whole or not at all: a temporary file in the same folder, with its mode from the start, flushed, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>Mode of everything that is no secret: 0644.</summary>
    public const UnixFileMode PublicMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Mode of a key file: 0600.</summary>
    public const UnixFileMode SecretMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>How the names of temporary files end.</summary>
    internal const string TemporarySuffix = ".vpn-confinement-new";

    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Writes text with mode 0644, making missing folders with mode 0755.</summary>
    /// <exception cref="SystemFailure">A write, a flush or the rename failed; before the rename the file at <paramref name="path"/> is what it was.</exception>
    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content), PublicMode);

    /// <summary>Writes bytes.</summary>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="mode">Its mode, from its creation on.</param>
    /// <exception cref="SystemFailure">A write, a flush or the rename failed; before the rename the file at <paramref name="path"/> is what it was.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var folder = Path.GetDirectoryName(path) ?? throw new ArgumentException("a path with a folder is needed", nameof(path));
        var temporary = TemporaryName(path);
        try
        {
            Directory.CreateDirectory(folder, FolderMode);
            File.Delete(temporary);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = mode, BufferSize = 0 };
            using (var stream = new FileStream(temporary, options))
            {
                // The mask of the process may have taken bits away; it can never have added any.
                File.SetUnixFileMode(stream.SafeFileHandle, mode);
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            // So that the rename survives a power cut.
            using var opened = Kernel.Open(folder, LibcConstants.O_RDONLY);
            Kernel.Flush(opened, $"flush {folder}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw new SystemFailure($"cannot write {path}: {e.Message}", "free the disk or make it writable, then run this again", e);
        }
    }

    /// <summary>The temporary name beside a file: no unit loader, no resolver and no glob of <c>*.conf</c> takes it for the file.</summary>
    internal static string TemporaryName(string path) => Path.Combine(Path.GetDirectoryName(path)!, "." + Path.GetFileName(path) + TemporarySuffix);
}
