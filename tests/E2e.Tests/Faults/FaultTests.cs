using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>
/// 'apply' and 'remove' are killed, or told of an error, at each call that changes something and at each command that they start. After each: what is confined before or
/// after the change is confined or does not start, by its processes' network namespace and on the wire, and the next 'apply' completes.
/// </summary>
[Trait("guarantees", "S-29")]
[Collection("lab")]
public sealed class FaultTests(FaultMachine machine, ITestOutputHelper output) : IClassFixture<FaultMachine>
{
    public static TheoryData<string> Changes => [.. FaultChange.All.Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Killed_before_and_after_each_call_it_leaves_nothing_unconfined(string change) => TryAll(change, "killed", FaultPoint.Killed, 2);

    [Theory]
    [MemberData(nameof(Changes))]
    public void Told_of_an_error_by_each_call_it_says_so_and_leaves_nothing_unconfined(string change) => TryAll(change, "failed", FaultPoint.Failed, 5);

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_command_that_fails_before_or_after_its_work_leaves_nothing_unconfined(string change) => TryAll(change, "command", FaultPoint.Commands, 1);

    [Fact]
    public void A_key_that_a_run_has_written_before_it_was_killed_reaches_the_tunnel_with_the_next_one()
    {
        var change = FaultChange.Of("key").Back;
        machine.Begin(change);
        var point = FaultPoint.Killed(machine.Traced(change)).First(p => p.Kind == "fsync killed" && p.Call.Contains("/secrets>", StringComparison.Ordinal));
        machine.Begin(change);
        Assert.StartsWith("killed", new FaultTrial(machine, change, point).Run(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_a_killed_run_no_longer_confines_is_stopped_by_the_watcher_until_the_next_one_is_through()
    {
        var change = FaultChange.Of("services").Back;
        machine.Begin(change);
        var point = FaultPoint.Killed(machine.Traced(change)).SkipWhile(p => !(p.Kind == "unlink killed" && p.Call.Contains("/second.service.d/", StringComparison.Ordinal))).First(p => p.Kind == "wait4 killed");
        machine.Begin(change);
        var trial = new FaultTrial(machine, change, point) { BeforeLook = "for i in $(seq 300); do grep -q . /sys/fs/cgroup/system.slice/second.service/cgroup.procs || break; sleep 0.1; done" };
        Assert.Equal("killed; 1 confined, 2 refused", trial.Run());
    }

    // A machine in a container has no disk whose cache could be lost with the power: what it would need is looked at in the calls.
    [Theory]
    [InlineData("first-apply")]
    [InlineData("services")]
    [InlineData("remove")]
    public void What_is_made_renamed_or_deleted_is_flushed_before_the_manifest_says_that_it_is_done(string id)
    {
        var change = FaultChange.Of(id);
        machine.Begin(change);
        var flushes = new FlushOrder(machine.Traced(change));
        Assert.Empty(flushes.Mistakes);
        Assert.NotEqual(0, flushes.Flushed);
    }

    private void TryAll(string id, string family, Func<string, IReadOnlyList<FaultPoint>> pointsOf, int step)
    {
        var there = FaultChange.Of(id);
        var back = there.IsSymmetric ? there.Back : there;
        var log = new FaultLog($"{id} {family}", output);
        var points = PointsOf(there);
        var backPoints = there.IsSymmetric ? PointsOf(back) : points;

        // A change and the one back take turns, so that each begins where the other has ended.
        machine.Begin(there);
        for (var i = 0; i < points.Count; i++)
        {
            var (change, point) = i % 2 == 0 || i >= backPoints.Count ? (there, points[i]) : (back, backPoints[i]);
            var trial = new FaultTrial(machine, change, point);
            log.Try(change, point, trial, trial.Run);
            if (!trial.EndedAtTarget || !there.IsSymmetric)
            {
                machine.Begin(i % 2 == 0 ? back : there);
            }
        }

        log.Finish(!FaultPoint.IsFull);

        IReadOnlyList<FaultPoint> PointsOf(FaultChange change)
        {
            machine.Begin(change);
            return FaultPoint.Choose(pointsOf(machine.Traced(change)), id, all => FaultPoint.Sample(all, step, Offset(id)));
        }
    }

    private static int Offset(string id) => FaultChange.All.ToList().FindIndex(c => c.Id == id);
}
