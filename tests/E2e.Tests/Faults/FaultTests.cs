using System.Globalization;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>
/// 'apply' and 'remove' are killed, or told of an error, at each call that changes something and at each command that they start. After each: what is confined before or
/// after the change is confined or does not start, by its processes' network namespace and on the wire, and the next 'apply' completes.
/// </summary>
[Trait("guarantees", "S-29")]
public sealed class FaultTests(FaultMachine machine, ITestOutputHelper output) : IClassFixture<FaultMachine>
{
    public static TheoryData<string> Changes => [.. FaultChange.Tried.Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Killed_before_and_after_each_call_it_leaves_nothing_unconfined(string change) => TryAll(change, "killed", machine.Traced, FaultPoint.Killed, 2);

    [Theory]
    [MemberData(nameof(Changes))]
    public void Told_of_an_error_by_each_call_it_says_so_and_leaves_nothing_unconfined(string change) => TryAll(change, "failed", machine.Traced, FaultPoint.Failed, 5);

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_command_that_fails_before_or_after_its_work_leaves_nothing_unconfined(string change) => TryAll(change, "command", machine.Traced, FaultPoint.Commands, 1);

    // Changes on the living tunnel.
    [Theory]
    [InlineData("port")]
    [InlineData("key")]
    public void Killed_at_a_message_or_inside_a_namespace_it_leaves_nothing_unconfined(string change) => TryAll(change, "killed at a message", machine.TracedMessages, FaultMessages.Points, 1);

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

    // Established, it would go on under the new ruleset.
    [Fact]
    public void A_flow_that_a_killed_run_has_not_ended_is_ended_by_the_next_one()
    {
        const string Talker = "import socket,time; l=socket.create_server((\"0.0.0.0\",9091)); c=l.accept()[0]\nwhile True: c.sendall(b\"x\"*100); time.sleep(0.02)";
        const string Caller = "import socket,sys; s=socket.create_connection((sys.argv[1],9091)); f=open(\"/run/caller.log\",\"wb\",0)\nwhile True: f.write(s.recv(100))";
        var change = FaultChange.Of("port");
        machine.Begin(change);
        var point = FaultMessages.Points(machine.TracedMessages(change)).First(p => p.Kind == "flows message killed");
        machine.Begin(change);
        try
        {
            machine.Host.Write("/run/talker.py", Talker);
            machine.Host.Write("/run/caller.py", Caller);
            machine.Host.Shell($"systemd-run --quiet --unit=talker ip netns exec media python3 /run/talker.py; for i in $(seq 600); do ip netns exec media ss -Hltn 'sport = 9091' | grep -q . && break; sleep 0.1; done; systemd-run --quiet --unit=caller python3 /run/caller.py {machine.Laboratory.HostLinkAddress("NS")}").OrThrow();
            WaitForMore();
            machine.Run(change, point, out var hit);
            Assert.NotNull(hit);

            // The run was killed before it ended the flow.
            WaitForMore();
            machine.Host.Product([.. FaultChange.Apply]).OrThrow();

            // What was on its way is still read.
            Eventually.See("the flow stands still", HeardInTwoSeconds, bytes => bytes == 0);
        }
        finally
        {
            machine.Host.Shell("systemctl stop talker caller; rm -f /run/talker.py /run/caller.py /run/caller.log");
        }

        int Heard() => int.Parse(machine.Host.Shell("stat -c %s /run/caller.log || echo 0").OrThrow().Output, CultureInfo.InvariantCulture);

        void WaitForMore()
        {
            var heard = Heard();
            Eventually.See("the host hears more", Heard, now => now > heard + 1000);
        }

        int HeardInTwoSeconds()
        {
            var heard = Heard();
            Thread.Sleep(2000);
            return Heard() - heard;
        }
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

    private void TryAll(string id, string family, Func<FaultChange, string> traced, Func<string, IReadOnlyList<FaultPoint>> pointsOf, int step)
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
            return FaultPoint.Choose(pointsOf(traced(change)), id, all => FaultPoint.Sample(all, step, Offset(id)));
        }
    }

    private static int Offset(string id) => FaultChange.All.ToList().FindIndex(c => c.Id == id);
}
