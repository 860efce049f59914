using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

[Collection("root")]
public sealed class NetnsObserveTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    private readonly TestPlan _test = new();
    private string Path => StateLayout.Netns(_test.Name);

    public void Dispose()
    {
        Shell.Run($"umount {Path} 2>/dev/null; rm -rf {Path}");
        _test.Dispose();
    }

    // 'apply' looks while a unit takes its namespace down or brings it up.
    [Fact]
    public async Task A_namespace_that_comes_and_goes_is_never_taken_for_somebody_elses()
    {
        using var over = new CancellationTokenSource(Long);
        var changes = Task.Run(() =>
        {
            var rounds = 0;
            for (; !over.IsCancellationRequested; rounds++)
            {
                Netns.Create(_test.Name).Dispose();
                Netns.Delete(_test.Name);
            }

            return rounds;
        }, TestContext.Current.CancellationToken);
        var seen = new HashSet<string>();
        while (!changes.IsCompleted)
        {
            var state = Netns.Observe(_test.Name);
            (state as NetnsState.Ours)?.Handle.Dispose();
            seen.Add((state as NetnsState.Foreign)?.Reason ?? state.GetType().Name);
        }

        Assert.True(await changes > 10);
        Assert.Equal(["Absent", "Ours"], seen.Order());
    }

    [Theory]
    [InlineData("mkdir P", "is no network namespace")]
    [InlineData("echo text > P", "is no network namespace")]
    [InlineData("mkfifo P", "is no network namespace")]
    [InlineData("python3 -c 'import socket as s; s.socket(1).bind(\"P\")'", "is no network namespace")]
    [InlineData("ln -s /etc/passwd P", "is no network namespace")]
    [InlineData("ip netns add N", "did not make")]
    [InlineData("ln -s /proc/self/ns/net P", "did not make")]
    public void What_somebody_else_put_there_is_left_alone(string make, string reason)
    {
        Shell.Run("mkdir -p /run/netns; " + make.Replace("P", Path, StringComparison.Ordinal).Replace("N", _test.Name, StringComparison.Ordinal));
        Assert.Contains(reason, Assert.IsType<NetnsState.Foreign>(Netns.Observe(_test.Name)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("touch P; chmod 0 P")]
    [InlineData("ln -s /nowhere P")]
    public void What_a_run_that_was_cut_short_left_is_nothing(string make)
    {
        Shell.Run("mkdir -p /run/netns; " + make.Replace("P", Path, StringComparison.Ordinal));
        Assert.IsType<NetnsState.Absent>(Netns.Observe(_test.Name));
    }
}
