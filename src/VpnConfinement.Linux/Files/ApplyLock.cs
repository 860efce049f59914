using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Files;

/// <summary>Held while the system is changed, so that two runs cannot mix. Kernel-owned: it ends with the process, however that ends.</summary>
public sealed class ApplyLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private ApplyLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="SystemFailure">Another run holds it.</exception>
    public static ApplyLock Take()
    {
        Directory.CreateDirectory(StateLayout.RunFolder);
        var path = StateLayout.RunFolder + "/lock";
        var file = Kernel.Open(path, LibcConstants.O_RDWR | LibcConstants.O_CREAT, (uint)AtomicFile.SecretMode);
        if (!Kernel.TryLock(file, $"lock {path}"))
        {
            file.Dispose();
            throw Busy($"{path} is locked");
        }

        if (Kernel.Identify(file).IsSameAs(Kernel.IdentifyTarget(path)))
        {
            return new ApplyLock(file);
        }

        // A run that removed everything ended in this moment and took the file along: the next one makes another.
        file.Dispose();
        throw Busy($"{path} was deleted just now");
    }

    /// <summary>Deletes the folder that holds the lock and everything of this boot; the lock itself still holds until the end.</summary>
    /// <exception cref="IOException">Something in it cannot be deleted.</exception>
    public static void DeleteRunFolder() => Directory.Delete(StateLayout.RunFolder, recursive: true);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static SystemFailure Busy(string how) =>
        new($"another run of vpn-confinement is changing the system: {how}", "wait for it to end, then run this again");
}
