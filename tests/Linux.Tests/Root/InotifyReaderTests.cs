using VpnConfinement.Linux.Doctor;

namespace VpnConfinement.Linux.Tests.Root;

[Collection("root")]
public sealed class InotifyReaderTests
{
    [Fact]
    public void An_instance_more_is_counted()
    {
        var before = InotifyReader.Read();
        Assert.InRange(before.Most, 1, int.MaxValue);
        using var watcher = new FileSystemWatcher("/tmp") { EnableRaisingEvents = true };
        Assert.InRange(InotifyReader.Read().Used, 1, int.MaxValue);
    }
}
