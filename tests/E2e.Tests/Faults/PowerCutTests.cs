using System.Diagnostics;

namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>The power is cut in the middle of 'apply' and 'remove': every process ends at once, and the machine boots from what is on its disk, with the services enabled.</summary>
[Trait("guarantees", "S-29")]
[Collection("lab")]
public sealed class PowerCutTests(FaultMachine machine, ITestOutputHelper output) : IClassFixture<FaultMachine>
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("VPNC_FULL") == "1";

    // A boot takes seconds.
    public static TheoryData<string> Changes => [.. FaultChange.All.Select(c => c.Id).Where(id => IsFull || id is "first-apply" or "services" or "remove")];

    [Theory]
    [MemberData(nameof(Changes))]
    public void After_a_power_cut_services_boot_confined_or_stay_down(string id)
    {
        var change = FaultChange.Of(id);
        var log = new FaultLog($"{id} power cut");
        var (failures, clock) = (new List<string>(), Stopwatch.StartNew());
        machine.Begin(change.From);
        var offset = FaultChange.All.ToList().IndexOf(change);
        var all = FaultPoint.Killed(machine.Traced(change));
        // One of each kind; in the short run one that is past the first half, where files are new and old.
        var points = FaultPoint.Choose(IsFull ? FaultPoint.Sample(all, 1, offset) : all, id, some => [some[some.Count * (6 + offset) / 10 % some.Count]]);
        foreach (var point in points)
        {
            machine.Begin(change.From);
            var trial = new FaultTrial(machine, change, point);
            try
            {
                log.Add(point.Kind, trial.RunWithPowerCut());
            }
            catch (FaultException e)
            {
                log.Add(point.Kind, "WRONG");
                failures.Add($"{id}, {point}\n    hit {trial.Hit}\n    {e.Message}");
            }
        }

        output.WriteLine(log.Write($", {failures.Count} wrong, {clock.Elapsed.TotalSeconds:0} s"));
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }
}
