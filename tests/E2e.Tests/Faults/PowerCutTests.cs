namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>The power is cut in the middle of 'apply' and 'remove': every process ends at once, and the machine boots from what is on its disk, with the services enabled.</summary>
[Trait("guarantees", "S-29")]
public sealed class PowerCutTests(FaultMachine machine, ITestOutputHelper output) : IClassFixture<FaultMachine>
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("VPNC_FULL") == "1";

    // A boot takes seconds.
    public static TheoryData<string> Changes => [.. FaultChange.Tried.Select(c => c.Id).Where(id => IsFull || id is "first-apply" or "services" or "remove" or "apply-confirm")];

    [Theory]
    [MemberData(nameof(Changes))]
    public void After_a_power_cut_services_boot_confined_or_stay_down(string id)
    {
        var change = FaultChange.Of(id);
        var log = new FaultLog($"{id} power cut", output);
        machine.Begin(change);
        var offset = FaultChange.All.ToList().IndexOf(change);
        var all = FaultPoint.Killed(machine.Traced(change));
        // One of each kind; in the short run one that is past the first half, where files are new and old.
        var points = FaultPoint.Choose(IsFull ? FaultPoint.Sample(all, 1, offset) : all, id, some => [some[some.Count * (6 + offset) / 10 % some.Count]]);
        foreach (var point in points)
        {
            machine.Begin(change);
            var trial = new FaultTrial(machine, change, point);
            log.Try(change, point, trial, trial.RunWithPowerCut);
        }

        log.Finish(!IsFull);
    }
}
