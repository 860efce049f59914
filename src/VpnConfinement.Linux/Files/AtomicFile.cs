using System.Text;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Files;

/// <summary>Files that change whole or not at all: a temporary file in the same folder, with its mode from the start, flushed, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>Mode of everything that is no secret: 0644.</summary>
    public const UnixFileMode PublicMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Mode of a program: 0755.</summary>
    public const UnixFileMode ProgramMode = FolderMode;

    /// <summary>Mode of a key file: 0600.</summary>
    public const UnixFileMode SecretMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Octal 0700: the mode of folders of such files.</summary>
    public const UnixFileMode SecretFolderMode = SecretMode | UnixFileMode.UserExecute;

    /// <summary>Mode of folders of other files: 0755.</summary>
    public const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>How the names of temporary files end.</summary>
    internal const string TemporarySuffix = ".vpn-confinement-new";

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
            CreateFolder(folder, FolderMode);
            File.Delete(temporary);
            NewFile.Write(temporary, content, mode);
            File.Move(temporary, path, overwrite: true);
            FlushFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SystemFailure)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw new SystemFailure($"cannot write {path}: {e.Message}", "free the disk or make it writable, then run this again", e);
        }
    }

    /// <summary>
    /// Writes a file that the user names, who may name a device or a link: those are not replaced by a file.
    /// </summary>
    /// <exception cref="SystemFailure">It is one, or the write failed.</exception>
    public static void WriteNamed(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        if (Kernel.IsThere(path) && Kernel.Identify(path) is { IsRegular: false } other)
        {
            throw new SystemFailure(
                $"{path} is {other.Kind}, and is not replaced by a file", "name a file that is not there yet");
        }

        Write(path, content, mode);
    }

    /// <summary>Makes a folder where it is missing, and those above it with mode 0755; the umask applies.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="mode">Its mode, where it is made.</param>
    /// <exception cref="SystemFailure">The folder above it cannot be flushed.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void CreateFolder(string folder, UnixFileMode mode = FolderMode)
    {
        if (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            CreateFolder(parent);
            Directory.CreateDirectory(folder, mode);
            FlushFolder(parent);
        }
    }

    /// <summary>Flushes the names in a folder, so that one made, renamed or deleted there survives a power cut.</summary>
    /// <exception cref="SystemFailure">The disk refuses.</exception>
    internal static void FlushFolder(string folder)
    {
        using var opened = Kernel.Open(folder, LibcConstants.O_RDONLY);
        Kernel.Flush(opened, $"flush {folder}");
    }

    /// <summary>The temporary name beside a file: no unit loader, no resolver and no glob of <c>*.conf</c> takes it for the file.</summary>
    internal static string TemporaryName(string path) => Path.Combine(Path.GetDirectoryName(path)!, "." + Path.GetFileName(path) + TemporarySuffix);
}
