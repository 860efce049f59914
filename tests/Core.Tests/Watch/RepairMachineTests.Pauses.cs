using VpnConfinement.Watch;

namespace VpnConfinement.Core.Tests.Watch;

/// <summary>How often it repairs what does not stay whole.</summary>
public sealed partial class RepairMachineTests
{
    [Fact]
    public void Two_restarts_are_spaced_to_systemds_start_limit_and_the_second_is_owed()
    {
        Restarts(0, "netns");
        Expect(Look(100), Ask);
        Expect(On(Units()), Repaired(100));

        // Damaged again, and whole again before the restart is due.
        Expect(Look(1000, Damage("netns")), Ask);
        Expect(On(Units()), Damaged("netns"));
        Expect(Look(2000));
        Assert.True(_machine.IsPending);
        Expect(Look(RepairMachine.Spacing - 1));
        Expect(Look(RepairMachine.Spacing), Ask);
        Expect(On(Units()), new RepairAction.Restart(Netns));
        Expect(On(Done));
        Expect(Look(RepairMachine.Spacing + 100), Ask);
        Expect(On(Units()), Repaired(RepairMachine.Spacing + 100 - 1000));
        Expect(Look(RepairMachine.Spacing + 200));
    }

    [Fact]
    public void Damage_that_stays_is_restarted_again_after_ever_longer_pauses()
    {
        Restarts(0, "tunnel");
        var (now, pause) = (0L, RepairMachine.FirstPause);
        for (var round = 0; round < 8; round++)
        {
            Expect(Look(now + pause - 1, Damage("tunnel")));
            now += pause;
            Expect(Look(now, Damage("tunnel")), Ask);
            Expect(On(Units()), new RepairAction.Restart(Tunnel));
            Expect(On(Done));
            pause = Math.Min(2 * pause, RepairMachine.LongestPause);
        }

        Assert.Equal(RepairMachine.LongestPause, pause);
    }

    [Fact]
    public void Units_that_have_failed_are_started_again_after_ever_longer_pauses()
    {
        Restarts(0, "tunnel");
        Expect(Look(100), Ask);
        Expect(On(Units((Netns, "failed"), (Tunnel, "inactive"))));

        // systemd is not asked until the next try.
        Expect(Look(200));
        var (now, pause) = (RepairMachine.FirstPause, 2 * RepairMachine.FirstPause);
        Expect(Look(now - 1));
        for (var round = 0; round < 8; round++)
        {
            Expect(Look(now), Ask);
            Expect(On(Units(active: "failed")), CannotComeUp(pause), new RepairAction.Start(Tunnel));
            Expect(On(round == 1 ? Failed("refused") : Done), round == 1 ? [TryingAgain("refused")] : []);
            Expect(Look(now + 100), Ask);
            Expect(On(Units(active: "activating")));
            Expect(Look(now + 200), Ask);
            Expect(On(Units(active: "failed")));
            Expect(Look(now + pause - 1));
            now += pause;
            pause = Math.Min(2 * pause, RepairMachine.LongestPause);
        }

        Expect(Look(now), Ask);
        Expect(On(Units()), Repaired(now));
        Assert.Equal((false, false), (_machine.IsPending, _machine.NeedsLook));
    }

    [Fact]
    public void Parts_that_guard_nothing_are_repaired_ever_less_often_where_somebody_undoes_it()
    {
        var now = Contest("host end");
        Expect(Look(now + 100, Damage("host end")));
        Assert.Equal((false, true), (_machine.IsPending, _machine.NeedsLook));
        Expect(Look(now + 9_999, Damage("host end"), Damage("loopback")));
        Expect(Look(now + 10_000, Damage("host end")), InPlace);

        // Told of it once: neither the damage nor its end is told again.
        Expect(On(Done));
        Expect(Look(now + 10_100), Ask);
        Expect(On(Units()));
        Expect(Look(now + 30_000), new RepairAction.TellContested(null), Uncontested());
        Assert.False(_machine.NeedsLook);
    }

    [Fact]
    public void A_guard_is_repaired_at_once_whoever_undoes_it()
    {
        var now = Contest("host end");
        Expect(Look(now + 100, Damage("host end"), Damage("host table")), InPlace);
        Expect(On(Done));
        Assert.True(_machine.IsPending);
    }

    [Fact]
    public void A_tunnel_is_repaired_though_another_part_is_contested()
    {
        var now = Contest("host end");
        Expect(Look(now + 100, Damage("tunnel")), Ask);
        Expect(On(Units()), new RepairAction.Restart(Tunnel));
    }

    private static RepairAction.Entry Uncontested() => new(
        EntryPriority.Info, "uncontested", "nothing changes any more what was repaired");

    // Repaired, and undone within the second, as often as a minute allows. Returns the time of the last repair.
    private long Contest(string part)
    {
        var now = 0L;
        for (var round = 1; round < RepairRounds.Most; round++, now += 1000)
        {
            Expect(Look(now, Damage(part)), InPlace);
            Expect(On(Done), Damaged(part));
            Expect(Look(now + 100), Ask);
            Expect(On(Units()), Repaired(100));
        }

        Expect(Look(now, Damage(part)), InPlace);
        Expect(
            On(Done),
            Damaged(part),
            new RepairAction.TellContested(part),
            new RepairAction.Entry(
                EntryPriority.Error,
                "contested",
                $"changed again after each of {RepairRounds.Most} repairs ({part} differs); repaired ever less often "
                + "from now on: have the program that does it leave the link alone"));
        return now;
    }
}
