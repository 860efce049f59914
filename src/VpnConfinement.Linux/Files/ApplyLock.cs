using Microsoft.Win32.SafeHandles;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Files;

/// <summary>Held while the system is changed, so that two runs cannot mix. Kernel-owned: it ends with the process, however that ends.</summary>
public sealed class ApplyLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private ApplyLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="SystemFailure">Another run holds it, or it cannot be made.</exception>
    public static ApplyLock Take()
    {
        try
        {
            // A run that removed everything may end in this moment and take the file along: the next one makes another.
            return OwnLock.TryTake(StateLayout.ApplyLock, $"lock {StateLayout.ApplyLock}") is { } file
                ? new ApplyLock(file)
                : throw new SystemFailure(
                    "another run of vpn-confinement is changing the system", "wait for it to end, then run this again");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SystemFailure(
                $"{StateLayout.ApplyLock} cannot be made: {e.Message}",
                "free what keeps the folder from being written, then run this again", e);
        }
    }

    /// <summary>Deletes the folder that holds the lock and everything of this boot; the lock itself still holds until the end.</summary>
    /// <exception cref="IOException">Something in it cannot be deleted.</exception>
    public static void DeleteRunFolder() => Directory.Delete(StateLayout.RunFolder, recursive: true);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
