using VpnConfinement.Core.Tests.Drift;
using VpnConfinement.Drift;
using VpnConfinement.Watch;

namespace VpnConfinement.Core.Tests.Watch;

/// <summary>What the watcher decides, one event after the other, without a system.</summary>
[Trait("guarantees", "S-25")]
public sealed partial class RepairMachineTests
{
    private const string Tunnel = "wireguard-wg0.service";
    private const string Netns = "vpn-confinement-netns@media.service";
    private const string Pin = "vpn-confinement-endpoint-pinning@media.service";

    private static readonly RepairAction InPlace = new RepairAction.RepairInPlace();
    private static readonly RepairAction Ask = new RepairAction.AskUnits();
    private static readonly RepairEvent Done = new RepairEvent.Done();

    private readonly RepairMachine _machine = new(NamespaceSample.Planned);

    public static TheoryData<string> PartsOfTheTunnel { get; } =
        new(PartList.All.Where(p => p.Repair is PartRepair.Tunnel).Select(p => p.Name));

    public static TheoryData<string> PartsInPlace { get; } =
        new(PartList.All.Where(p => p.Repair is PartRepair.InPlace).Select(p => p.Name));

    [Fact]
    public void Nothing_is_done_where_nothing_differs()
    {
        Expect(Look(0));
        Assert.Equal((false, false), (_machine.IsPending, _machine.NeedsLook));
    }

    [Fact]
    public void The_units_that_decide_are_the_tunnels_and_those_that_it_needs()
    {
        Assert.Equal([Tunnel, Netns, Pin], _machine.Units);
        var planned = NamespaceSample.Planned;
        var nested = new RepairMachine(
            planned with { WireGuard = planned.WireGuard with { BirthplaceManaged = true, Birthplace = "outer" } });
        Assert.Equal([Tunnel, Netns, Pin, "vpn-confinement-netns@outer.service"], nested.Units);
    }

    [Theory]
    [MemberData(nameof(PartsInPlace))]
    public void A_part_that_is_repaired_in_place_stops_nothing(string part)
    {
        Expect(Look(1000, Damage(part)), InPlace);
        Expect(On(Done), Damaged(part));
        Assert.Equal((true, true), (_machine.IsPending, _machine.NeedsLook));
        Expect(Look(1100), Ask);
        Expect(On(Units()), Repaired(100));
        Assert.Equal((false, false), (_machine.IsPending, _machine.NeedsLook));
    }

    [Fact]
    public void A_lost_ruleset_is_loaded_before_systemd_is_asked_for_anything()
    {
        Expect(Look(0, Damage("ruleset")), InPlace);
        Expect(On(Done), Damaged("ruleset"), Ask);
        Expect(On(Units()), new RepairAction.Restart(Tunnel));
        Expect(On(Done));
        Expect(Look(100), Ask);
        Expect(On(Units(job: Tunnel)));
        Expect(Look(200), Ask);
        Expect(On(Units()), Repaired(200));
    }

    [Theory]
    [MemberData(nameof(PartsOfTheTunnel))]
    public void A_damaged_tunnel_is_restarted_by_its_unit(string part)
    {
        Expect(Look(0, Damage(part)), Ask);
        Expect(On(Units()), Damaged(part), Ask);
        Expect(On(Units()), new RepairAction.Restart(Tunnel));
        Expect(On(Done));
        Assert.True(_machine.IsPending);
    }

    [Fact]
    public void A_lost_namespace_is_restarted_by_its_unit_whatever_else_is_damaged()
    {
        Expect(Look(0, Damage("tunnel"), Damage("netns")), Ask);
        Expect(On(Units()), Damaged("tunnel", "netns"), Ask);
        Expect(On(Units()), new RepairAction.Restart(Netns));
    }

    [Fact]
    public void What_has_failed_cannot_be_restarted_and_is_started()
    {
        foreach (var failed in _machine.Units)
        {
            var machine = new RepairMachine(NamespaceSample.Planned);
            Expect(machine.On(Looked(0, Damage("netns"))), Ask);
            Expect(machine.On(Units(active: "failed")), Damaged("netns"), Ask);
            Expect(machine.On(Units((failed, "failed"))), new RepairAction.Start(Tunnel));
        }
    }

    [Theory]
    [InlineData("activating", null)]
    [InlineData("deactivating", null)]
    [InlineData("inactive", null)]
    [InlineData(null, null)]
    [InlineData("active", Tunnel)]
    [InlineData("active", Netns)]
    public void What_is_being_started_or_stopped_or_was_stopped_is_no_damage(string? active, string? job)
    {
        foreach (var part in (string[])["tunnel", "netns"])
        {
            var machine = new RepairMachine(NamespaceSample.Planned);
            Expect(machine.On(Looked(0, Damage(part))), Ask);
            Expect(machine.On(Units(active: active, job: job)));
            Assert.Equal((false, true), (machine.IsPending, machine.NeedsLook));
        }
    }

    [Fact]
    public void A_gap_is_closed_at_each_look_that_sees_it()
    {
        for (var now = 0; now < 500; now += 100)
        {
            Expect(Look(now, Damage("host table")), InPlace);
            Expect(On(Done), now == 0 ? [Damaged("host table")] : []);
        }
    }

    [Fact]
    public void A_repair_in_place_that_fails_is_told_once_and_keeps_nothing_from_its_turn()
    {
        Expect(Look(0, Damage("ruleset")), InPlace);
        Expect(On(Failed("EPERM")), TryingAgain("EPERM"), Damaged("ruleset"), Ask);
        Expect(On(Units()), new RepairAction.Restart(Tunnel));
        Expect(On(Done));
        Expect(Look(100, Damage("ruleset")), InPlace);
        Expect(On(Failed("EPERM")));
        Expect(Look(200, Damage("ruleset")), InPlace);
        Expect(On(Failed("EBUSY")), TryingAgain("EBUSY"));
    }

    [Fact]
    public void Where_systemd_does_not_tell_nothing_is_begun()
    {
        Expect(Look(0, Damage("tunnel")), Ask);
        Expect(On(Failed("no answer")), TryingAgain("no answer"));
        Assert.Equal((false, true), (_machine.IsPending, _machine.NeedsLook));
        Expect(Look(100, Damage("tunnel")), Ask);
        Expect(On(Failed("no answer")));

        // Told anew once a repair has succeeded.
        Expect(Look(200, Damage("host end")), InPlace);
        Expect(On(Done), Damaged("host end"));
        Expect(Look(300), Ask);
        Expect(On(Units()), Repaired(100));
        Expect(On(Failed("no answer")), TryingAgain("no answer"));
    }

    [Fact]
    public void A_restart_that_systemd_refuses_is_asked_for_at_the_next_look()
    {
        Expect(Look(0, Damage("tunnel")), Ask);
        Expect(On(Units()), Damaged("tunnel"), Ask);
        Expect(On(Units()), new RepairAction.Restart(Tunnel));
        Expect(On(Failed("refused")), TryingAgain("refused"));
        Expect(Look(100, Damage("tunnel")), Ask);
        Expect(On(Failed("no answer")), TryingAgain("no answer"));

        // Whole by itself: it is owed all the same.
        Expect(Look(200), Ask);
        Expect(On(Units()), new RepairAction.Restart(Tunnel));
        Expect(On(Done));
        Expect(Look(300), Ask);
        Expect(On(Units()), Repaired(300));
    }

    [Fact]
    public void A_tunnel_that_is_stopped_while_it_is_repaired_stays_stopped()
    {
        Restarts(0, "tunnel");
        Expect(Look(100), Ask);
        Expect(
            On(Units(active: "inactive")),
            new RepairAction.Entry(
                EntryPriority.Info, "repaired", "whole after 100 ms; the tunnel is stopped", null, 100));
        Expect(Look(200));
    }

    [Theory]
    [InlineData("activating")]
    [InlineData("deactivating")]
    [InlineData(null)]
    public void The_end_of_a_repair_is_waited_for(string? active)
    {
        Restarts(0, "tunnel");
        Expect(Look(100), Ask);
        Expect(On(Units(active: active)));
        Expect(Look(200), Ask);
        Expect(On(Failed("no answer")), TryingAgain("no answer"));
        Assert.True(_machine.IsPending);
        Expect(Look(300), Ask);
        Expect(On(Units()), Repaired(300));
    }

    [Fact]
    public void A_watcher_that_starts_takes_up_a_tunnel_that_has_failed_and_services_wait_for()
    {
        Expect(On(new RepairEvent.Began(500, AreServicesWaiting: true)), Ask);
        Expect(On(Units(active: "failed")));
        Assert.Equal((true, true), (_machine.IsPending, _machine.NeedsLook));
        Expect(Look(600), Ask);
        Expect(On(Units(active: "failed")), CannotComeUp(RepairMachine.FirstPause), new RepairAction.Start(Tunnel));
    }

    [Fact]
    public void A_watcher_that_starts_begins_nothing_otherwise()
    {
        Expect(On(new RepairEvent.Began(500, AreServicesWaiting: false)));
        Expect(On(new RepairEvent.Began(500, AreServicesWaiting: true)), Ask);
        Expect(On(Units(active: "inactive")));
        Assert.False(_machine.IsPending);
        Expect(On(new RepairEvent.Began(500, AreServicesWaiting: true)), Ask);
        Expect(On(Failed("no answer")), TryingAgain("no answer"));
        Assert.False(_machine.IsPending);
    }

    [Fact]
    public void What_cannot_be_proven_is_made_anew_in_place_and_told_as_a_warning()
    {
        var unproven = Damage("ruleset") with { IsUnknown = true, IsUnproven = true };
        Expect(Look(0, unproven), InPlace);
        Expect(
            On(Done),
            new RepairAction.Entry(
                EntryPriority.Warning, "unproven", "loading again, without a restart: ruleset differs"));
    }

    [Fact]
    public void What_is_no_part_and_what_is_not_to_be_repaired_unseen_is_left_alone()
    {
        var unseen = PartList.All.Where(p => !p.IsRepairedUnseen).ToList();
        Assert.NotEmpty(unseen);
        Expect(Look(
            0,
            [new DriftEntry(DriftKind.File, "/etc/x", "was changed"),
            .. unseen.Select(p => Damage(p.Name) with { IsUnknown = true })]));
        Assert.False(_machine.NeedsLook);
    }

    [Fact]
    public void Looks_are_frequent_for_the_first_seconds_of_a_repair()
    {
        Assert.Equal(1000, _machine.Rhythm(0));
        Restarts(500, "tunnel");
        Assert.Equal(100, _machine.Rhythm(RepairMachine.FirstPause + 499));
        Assert.Equal(1000, _machine.Rhythm(RepairMachine.FirstPause + 500));
    }

    // Any order of events: an action with an outcome is the last, and restarts are never closer than their spacing.
    [Fact]
    public void Whatever_happens_at_most_one_action_waits_for_its_outcome()
    {
        var random = new Random(14);
        string?[] states = ["active", "active", "active", "inactive", "failed", "activating", "deactivating", null];
        var parts = PartList.All.Select(p => p.Name).ToArray();
        var (now, last) = (0L, -RepairMachine.Spacing);
        for (var i = 0; i < 20_000; i++)
        {
            now += random.Next(1, 2000);
            RepairEvent? happened = Looked(
                now, [.. random.GetItems(parts, random.Next(3) * random.Next(2)).Select(p => Damage(p))]);
            while (happened is not null)
            {
                var actions = _machine.On(happened);
                Assert.DoesNotContain(actions.SkipLast(1), a => a.HasOutcome);
                var isRestart = actions is [RepairAction.Restart or RepairAction.Start];
                Assert.False(isRestart && now - last < RepairMachine.Spacing);
                happened = actions is not [.., { HasOutcome: true } action] ? null
                    : random.Next(10) == 0 ? Failed("no answer")
                    : action is RepairAction.AskUnits
                        ? Units(active: random.GetItems(states, 1)[0], job: random.Next(8) == 0 ? Tunnel : null)
                        : Done;
                last = isRestart && happened is RepairEvent.Done ? now : last;
            }

            Assert.True(_machine.NeedsLook || !_machine.IsPending);
        }
    }

    private static DriftEntry Damage(string part) => new(DriftKind.Namespace, "media", $"{part} differs")
    {
        Part = PartList.All.Single(p => p.Name == part),
    };

    private static RepairEvent.Looked Looked(long now, params DriftEntry[] drift) => new(now, drift);

    private static RepairEvent.Failed Failed(string reason) => new(reason);

    private static RepairEvent.UnitsSeen Units(string? active = "active", string? job = null) => Seen(_ => active, job);

    private static RepairEvent.UnitsSeen Units(params (string Unit, string Active)[] others) => Seen(
        unit => others.FirstOrDefault(o => o.Unit == unit) is { Unit: not null } other ? other.Active : "active", null);

    private static RepairEvent.UnitsSeen Seen(Func<string, string?> active, string? job) => new(
        new[] { Tunnel, Netns, Pin }.ToDictionary(u => u, u => new UnitNow(active(u), u == job)));

    private static RepairAction.Entry Damaged(params string[] parts) => new(
        EntryPriority.Error,
        "damaged",
        "changed from outside: " + string.Join("; ", parts.Select(p => $"{p} differs")));

    private static RepairAction.Entry Repaired(long milliseconds) => new(
        EntryPriority.Info, "repaired", $"repaired after {milliseconds} ms", null, milliseconds);

    private static RepairAction.Entry TryingAgain(string reason) => new(
        EntryPriority.Error, "repair-failed", $"trying again: {reason}");

    private static RepairAction.Entry CannotComeUp(long pause) => new(
        EntryPriority.Error,
        "repair-failed",
        $"{Tunnel} cannot come up again, so everything behind it is blocked; trying again in {pause / 1000} s "
        + $"('journalctl -u {Tunnel}' says why)",
        Tunnel);

    private static void Expect(IReadOnlyList<RepairAction> actions, params RepairAction[] expected) =>
        Assert.Equal(expected, actions);

    private IReadOnlyList<RepairAction> On(RepairEvent happened) => _machine.On(happened);

    private IReadOnlyList<RepairAction> Look(long now, params DriftEntry[] drift) => On(Looked(now, drift));

    private void Restarts(long now, string part)
    {
        Expect(Look(now, Damage(part)), Ask);
        Expect(On(Units()), Damaged(part), Ask);
        Assert.IsType<RepairAction.Restart>(Assert.Single(On(Units())));
        Expect(On(Done));
    }
}
