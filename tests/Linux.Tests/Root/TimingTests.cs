using System.Diagnostics;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Linux.Tests.Root;

[Collection("root")]
public sealed class TimingTests
{
    [Fact]
    public void Times_of_a_warm_run_are_printed_and_sane()
    {
        using var test = new TestPlan();
        var stored = test.Stored(hostLink: true);
        test.Up(stored);
        test.Down();
        var parts = new List<string>();
        var clock = Stopwatch.StartNew();
        NetnsUp.Run(stored, Part);
        Part("done");
        WireGuardUp.Run(stored.Plan, Part);
        Part("done");
        test.Down();
        var up = Measure(() => test.Up(stored));
        var again = Measure(() => test.Up(stored));
        var tunnel = Measure(() => test.WireGuard(stored));
        var tunnelAgain = Measure(() => test.WireGuard(stored));
        var down = Measure(test.Down);
        TestContext.Current.SendDiagnosticMessage(
            $"netns up {up} ms, again {again} ms; wireguard up {tunnel} ms, again {tunnelAgain} ms; both down {down} ms");
        TestContext.Current.SendDiagnosticMessage(string.Join("; ", parts));
        Assert.InRange(up, 0, 5000);
        Assert.InRange(tunnel, 0, 5000);

        void Part(string what)
        {
            parts.Add($"{what} {clock.Elapsed.TotalMilliseconds:0.0} ms");
            clock.Restart();
        }
    }

    private static double Measure(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return Math.Round(watch.Elapsed.TotalMilliseconds, 1);
    }
}
