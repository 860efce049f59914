using System.Diagnostics;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Tests.Exec;

public sealed class ChildProcessTests
{
    private const int Killed = 128 + 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("exec yes")]
    [InlineData("exec yes >&2")]
    public void One_that_writes_without_end_is_killed(string line)
    {
        var clock = Stopwatch.StartNew();
        Assert.Equal(Killed, ChildProcess.Run("/bin/sh", ["-c", line], [], Patience).Status);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Patience / 2);
    }

    [Fact]
    public void One_that_takes_too_long_is_killed() =>
        Assert.Equal(Killed, ChildProcess.Run("/bin/sleep", ["60"], [], TimeSpan.FromMilliseconds(100)).Status);

    [Fact]
    public void What_another_wrote_is_whole()
    {
        var result = ChildProcess.Run("/bin/sh", ["-c", "head -c 1000000 /dev/zero | tr '\\0' x; exit 3"], [], Patience);
        Assert.Equal((3, 1_000_000, ""), (result.Status, result.Output.Length, result.Error));
    }
}
