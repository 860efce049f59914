using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;

namespace VpnConfinement.Linux.Tests.Root;

/// <summary>The watcher looks after the kernel's objects while a file system of a service does not answer.</summary>
[Trait("guarantees", "S-25")]
[Collection("root")]
public sealed class MeanwhileTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public MeanwhileTests() => Sandbox.Require();

    [Fact]
    public void What_is_done_meanwhile_is_done_while_the_mount_namespace_is_waited_for()
    {
        using var mounts = Kernel.Open("/proc/self/ns/mnt", LibcConstants.O_RDONLY);
        using var done = new ManualResetEventSlim();
        Assert.True(NetnsThread.RunInMounts(mounts, Patience, () => done.Wait(Patience), done.Set));
    }

    [Fact]
    public void What_takes_longer_than_the_patience_is_left()
    {
        using var mounts = Kernel.Open("/proc/self/ns/mnt", LibcConstants.O_RDONLY);
        using var done = new ManualResetEventSlim();
        var times = 0;
        Assert.Throws<TimeoutException>(() => NetnsThread.RunInMounts(
            mounts, TimeSpan.FromSeconds(0.1), () => done.Wait(Patience), () => times++));
        Assert.True(times > 1, $"{times}");
        done.Set();
    }
}
