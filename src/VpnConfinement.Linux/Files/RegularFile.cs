using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Files;

/// <summary>
/// A regular file that is open for reading: the one way in which this program reads a file (S-38);
/// <see cref="KernelFile"/> reads the kernel's. The path is followed once, to a descriptor that opens nothing (O_PATH,
/// open(2)). What that is decides, and that very file is opened: a FIFO is not waited for, a device is not touched, and
/// a path that is changed meanwhile changes nothing.
/// </summary>
public sealed class RegularFile : IDisposable
{
    /// <summary>Most bytes that are read of what a user wrote: a thousand times a large configuration.</summary>
    public const int MostText = 16 << 20;

    /// <summary>Most bytes that are read of a file of ours; a kept generation is the largest.</summary>
    internal const int MostState = 256 << 20;

    private const uint GroupAndOthersRead = 0x24; // octal 044
    private const uint Permissions = 0x1ff; // octal 0777

    private readonly SafeFileHandle _file;
    private readonly string _path;

    private RegularFile(SafeFileHandle file, string path, FileIdentity identity)
    {
        _file = file;
        _path = path;
        Mode = (UnixFileMode)(identity.Mode & Permissions);
    }

    /// <summary>Its permissions.</summary>
    public UnixFileMode Mode { get; }

    /// <summary>Whether its group or everyone may read it.</summary>
    public bool OthersCanRead => ((uint)Mode & GroupAndOthersRead) != 0;

    /// <summary>Opens a file. Symbolic links are followed.</summary>
    /// <param name="path">Where it lies.</param>
    /// <exception cref="FileNotFoundException">Nothing is there, or a symbolic link that leads to nothing.</exception>
    /// <exception cref="UnauthorizedAccessException">It, or a folder of its path, may not be read.</exception>
    /// <exception cref="UnreadableFileException">It is no regular file, or cannot be opened.</exception>
    public static RegularFile Open(string path) => Open(path, followed: true);

    /// <summary>Opens a file whose links were followed already: a link that is there by now is refused.</summary>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    /// <exception cref="UnauthorizedAccessException">It, or a folder of its path, may not be read.</exception>
    /// <exception cref="UnreadableFileException">It is no regular file, or cannot be opened.</exception>
    internal static RegularFile OpenResolved(string path) => Open(path, followed: false);

    /// <summary>Opens a file, or gives null where nothing is there.</summary>
    /// <exception cref="UnauthorizedAccessException">It, or a folder of its path, may not be read.</exception>
    /// <exception cref="UnreadableFileException">It is no regular file, or cannot be opened.</exception>
    internal static RegularFile? TryOpen(string path)
    {
        try
        {
            return Open(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Looks at a file that need not be readable.</summary>
    /// <returns>Its permissions.</returns>
    /// <exception cref="FileNotFoundException">Nothing is there, or a symbolic link that leads to nothing.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder of its path may not be looked into.</exception>
    /// <exception cref="UnreadableFileException">It is no regular file.</exception>
    internal static UnixFileMode ModeOf(string path)
    {
        using var place = Find(path, followed: true, out var identity);
        return (UnixFileMode)(identity.Mode & Permissions);
    }

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="IOException">As <see cref="Open(string)"/>, or it is too large.</exception>
    /// <exception cref="UnauthorizedAccessException">As <see cref="Open(string)"/>.</exception>
    internal static byte[] ReadBytes(string path, int most = MostState)
    {
        using var file = Open(path);
        return file.ReadBytes(most);
    }

    /// <summary>The bytes of a file, or null where nothing is there.</summary>
    /// <exception cref="IOException">As <see cref="Open(string)"/>, or it is too large.</exception>
    /// <exception cref="UnauthorizedAccessException">As <see cref="Open(string)"/>.</exception>
    internal static byte[]? TryReadBytes(string path, int most = MostState)
    {
        using var file = TryOpen(path);
        return file?.ReadBytes(most);
    }

    /// <summary>The text of a file in UTF-8, without a byte order mark; a byte that is none is replaced.</summary>
    /// <exception cref="IOException">As <see cref="Open(string)"/>, or it is too large.</exception>
    /// <exception cref="UnauthorizedAccessException">As <see cref="Open(string)"/>.</exception>
    internal static string ReadText(string path, int most = MostState)
    {
        using var file = Open(path);
        return file.ReadText(most);
    }

    /// <summary>Its bytes, from the first one.</summary>
    /// <param name="most">How many it may have.</param>
    /// <exception cref="UnreadableFileException">It has more, also by growing; or the disk failed.</exception>
    public byte[] ReadBytes(int most)
    {
        var size = Kernel.Identify(_file).Size;
        var bytes = new byte[size > (ulong)most ? throw TooLarge(most) : (int)size + 1];
        var length = 0;
        try
        {
            for (int count; (count = RandomAccess.Read(_file, bytes.AsSpan(length), length)) > 0;)
            {
                length += count;
                if (length > most)
                {
                    throw TooLarge(most);
                }

                bytes = length < bytes.Length ? bytes : Grown(bytes);
            }

            return bytes[..length];
        }
        catch (IOException e) when (e is not UnreadableFileException)
        {
            throw new UnreadableFileException(_path, e.Message, e);
        }
        finally
        {
            // It may have been a key.
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Its text in UTF-8, without a byte order mark; a byte that is none is replaced.</summary>
    /// <param name="most">How many bytes it may have.</param>
    /// <exception cref="UnreadableFileException">It has more; or the disk failed.</exception>
    internal string ReadText(int most)
    {
        ReadOnlySpan<byte> bytes = ReadBytes(most);
        var mark = Encoding.UTF8.Preamble;
        return Encoding.UTF8.GetString(bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static RegularFile Open(string path, bool followed)
    {
        using var place = Find(path, followed, out var identity);
        try
        {
            var opened = Kernel.Open($"/proc/thread-self/fd/{place.DangerousGetHandle()}", O_RDONLY);
            return new RegularFile(opened, path, identity);
        }
        catch (SystemFailure e)
        {
            throw e.Errno == Errno.ENOENT
                ? new UnreadableFileException(path, "/proc is not mounted", e) : Failure(path, e);
        }
    }

    // A descriptor that only says what the path led to.
    private static SafeFileHandle Find(string path, bool followed, out FileIdentity identity)
    {
        SafeFileHandle place;
        try
        {
            place = Kernel.Open(path, O_PATH | (followed ? 0 : O_NOFOLLOW));
        }
        catch (SystemFailure e)
        {
            throw Failure(path, e);
        }

        identity = Kernel.Identify(place);
        if (identity.IsRegular)
        {
            return place;
        }

        place.Dispose();
        throw new UnreadableFileException(path, $"it is {identity.Kind}, not a regular file");
    }

    private static Exception Failure(string path, SystemFailure e) => e.Errno switch
    {
        Errno.ENOENT or Errno.ENOTDIR => new FileNotFoundException(
            new FileInfo(path).LinkTarget is null
                ? $"{path} does not exist" : $"{path} is a symbolic link that leads to nothing", path, e),
        Errno.EACCES or Errno.EPERM => new UnauthorizedAccessException($"{path} may not be read", e),
        Errno.ELOOP => new UnreadableFileException(path, "its symbolic links lead in a circle", e),
        _ => new UnreadableFileException(path, e.Message, e),
    };

    private static byte[] Grown(byte[] bytes)
    {
        var larger = new byte[bytes.Length * 2];
        bytes.CopyTo(larger, 0);
        CryptographicOperations.ZeroMemory(bytes);
        return larger;
    }

    private UnreadableFileException TooLarge(int most) =>
        new(_path, $"it is larger than {Shown(most)}, the most that such a file may have");

    private static string Shown(int bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes} bytes";
}
