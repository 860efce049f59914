using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Tests.Files;

/// <summary>Whether a lock is held is told without taking it.</summary>
public sealed class OwnLockTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_lock_is_held_from_its_taking_to_its_end()
    {
        Assert.False(OwnLock.IsHeld(_path));
        using (var handle = Kernel.Open(_path, O_RDWR))
        {
            Kernel.Lock(handle, "lock");
            Assert.True(OwnLock.IsHeld(_path));
        }

        Assert.False(OwnLock.IsHeld(_path));
    }

    [Fact]
    public void A_lock_without_a_file_is_held_by_nobody() => Assert.False(OwnLock.IsHeld(_path + ".none"));
}
