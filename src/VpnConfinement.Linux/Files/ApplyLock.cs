using VpnConfinement.Linux.Interop;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Files;

/// <summary>Held while the system is changed, so that two runs cannot mix. Kernel-owned: it ends with the process, however that ends.</summary>
public sealed class ApplyLock : IDisposable
{
    private readonly FileStream _file;

    private ApplyLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="SystemFailure">Another run holds it.</exception>
    public static ApplyLock Take()
    {
        Directory.CreateDirectory(StateLayout.RunFolder);
        var path = StateLayout.RunFolder + "/lock";
        try
        {
            // FileShare.None is flock(2) LOCK_EX | LOCK_NB on Linux.
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = AtomicFile.SecretMode,
            });
            if (Kernel.Identify(file.SafeFileHandle).IsSameAs(Kernel.IdentifyTarget(path)))
            {
                return new ApplyLock(file);
            }

            // A run that removed everything ended in this moment and took the file along: the next one makes another.
            file.Dispose();
            throw new IOException("it was deleted just now");
        }
        catch (IOException e)
        {
            throw new SystemFailure($"another run of vpn-confinement is changing the system, or {path} cannot be locked: {e.Message}", "wait for it to end, then run this again", e);
        }
    }

    /// <summary>Deletes the folder that holds the lock and everything of this boot; the lock itself still holds until the end.</summary>
    /// <exception cref="IOException">Something in it cannot be deleted.</exception>
    public static void DeleteRunFolder() => Directory.Delete(StateLayout.RunFolder, recursive: true);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
