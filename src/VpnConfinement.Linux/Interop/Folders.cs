using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VpnConfinement.Linux.Interop;

/// <summary>What the base library cannot do with a folder: flush it, so that a rename in it survives a power cut.</summary>
internal static partial class Folders
{
    // asm-generic/fcntl.h
    private const int O_RDONLY = 0;
    private const int O_DIRECTORY = 0x10000;
    private const int O_CLOEXEC = 0x80000;

    // asm/fcntl.h of arm64 has another value for O_DIRECTORY than the generic one.
    private const int O_DIRECTORY_ARM64 = 0x4000;

    /// <summary>fsync(2) of a folder.</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    internal static void Sync(string path)
    {
        var directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? O_DIRECTORY_ARM64 : O_DIRECTORY;
        using var handle = Open(path, O_RDONLY | directory | O_CLOEXEC);
        if (handle.IsInvalid || FSync(handle) != 0)
        {
            throw new IOException($"{path}: flushing the folder failed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);
}
