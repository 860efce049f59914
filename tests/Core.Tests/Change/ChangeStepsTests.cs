using VpnConfinement.Change;
using VpnConfinement.Compile;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.Change;

/// <summary>
/// Each case has its steps in a file of its name. Run with VPNC_UPDATE_GOLDEN=1 to write them anew, then read the
/// difference.
/// </summary>
[Trait("guarantees", "S-12 S-29")]
public sealed class ChangeStepsTests
{
    private static readonly string Folder = Path.Combine(TestPaths.Project, "Change", "Steps");

    public static TheoryData<string> Cases => [.. ChangeCase.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case(string name)
    {
        var text = string.Concat(StepsOf(name).Select(s => StepText.Of(s) + "\n"));
        var file = Path.Combine(Folder, name + ".txt");
        if (Environment.GetEnvironmentVariable("VPNC_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
    }

    [Fact]
    public void Each_file_is_of_a_case_and_each_step_is_in_one()
    {
        Assert.Equal(
            ChangeCase.All.Select(c => c.Name + ".txt").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal(
            typeof(ChangeStep).GetNestedTypes().Where(t => t != typeof(ChangeStep.WriteKeys)).Select(t => t.Name)
                .Order(StringComparer.Ordinal),
            ChangeCase.All.SelectMany(c => StepsOf(c.Name)).Select(s => s.GetType().Name).Distinct()
                .Order(StringComparer.Ordinal));
    }

    // Up to there a failure leaves everything as it was.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Nothing_is_stopped_before_all_is_written_and_no_namespace_before_systemd_has_it(string name)
    {
        var steps = StepsOf(name).SkipWhile(s => s is ChangeStep.RenewTables).ToList();
        var undone = steps.TakeWhile(s => s.IsUndone).ToList();
        Assert.IsType<ChangeStep.CheckLoaded>(undone[^1]);
        Assert.DoesNotContain(undone, s => s is ChangeStep.StopUnits or ChangeStep.TakeDown);
        Assert.DoesNotContain(steps.Skip(undone.Count), s => s.IsUndone);
        var stop = undone.FindIndex(s => s is ChangeStep.StopServices);
        Assert.True(stop < 0 || (undone[stop - 2] is ChangeStep.WriteFiles && undone[stop + 1] is ChangeStep.Reload));
    }

    // Its commands would be run in a network that may not be there yet.
    [Theory]
    [InlineData("first-apply", "tv.service web.service")]
    [InlineData("service-added", "mail.service")]
    [InlineData("service-moved", "tv.service")]
    [InlineData("changed-address", "")]
    [InlineData("service-released", "")]
    public void What_gets_another_network_is_stopped_as_it_was(string name, string units) => Assert.Equal(
        units,
        string.Join(
            ' ', StepsOf(name).OfType<ChangeStep.StopServices>().Where(s => s.IsUndone).SelectMany(s => s.Units)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_drop_in_goes_when_its_unit_is_down_and_a_unit_is_started_when_nothing_of_before_is_left(string name)
    {
        var steps = StepsOf(name).ToList();
        var stop = steps.FindIndex(s => s is ChangeStep.StopServices);
        var stopped = (steps.ElementAtOrDefault(stop) as ChangeStep.StopServices)?.Units ?? [];
        var released = steps.OfType<ChangeStep.Delete>().SelectMany(d => d.Paths).ToList();
        Assert.All(
            Named(name).Up.Where(u => released.Contains(SampleNamespace.DropIn(u))), u => Assert.Contains(u, stopped));
        Assert.True(released.Count == 0 || stop < steps.FindIndex(s => s is ChangeStep.Delete));
        foreach (var start in steps.OfType<ChangeStep.Start>().Where(s => s.Units.Any(stopped.Contains)))
        {
            Assert.InRange(steps.FindIndex(s => s is ChangeStep.CheckEmptied), stop + 1, steps.IndexOf(start));
            Assert.InRange(steps.FindIndex(s => s is ChangeStep.CleanStores), stop + 1, steps.IndexOf(start));
        }
    }

    [Fact]
    public void Sockets_come_before_services_and_what_serves_one_connection_is_not_started_again()
    {
        var change = Named("service-added");
        var plan = PlanOf(change);
        var seen = new ChangeObservation
        {
            Up = ["mail.service", "one@1.service", "z.socket"],
            Networks = new Dictionary<string, string> { ["mail.service"] = StateLayout.Netns("media") },
            IsOneConnection = u => u == "one@1.service",
        };
        var steps = ChangeSteps.Of(change.Applied, change.After, plan, seen, 3, stays: true);
        var stop = Assert.Single(steps.OfType<ChangeStep.StopServices>());
        Assert.Equal(["z.socket", "mail.service", "one@1.service"], stop.Units);
        Assert.Equal(["z.socket", "mail.service"], stop.Returning);
        Assert.Equal(["mail.service"], Assert.Single(steps.OfType<ChangeStep.Start>()).Units);
        Assert.DoesNotContain(steps, s => s is ChangeStep.RequireStarted);
    }

    [Fact]
    public void What_an_earlier_change_stopped_or_did_not_start_is_started()
    {
        var change = Named("living-change");
        var applied = change.Applied with { Starting = ["tv.service"], Unstarted = ["mail.service", "web.service"] };
        var seen = new ChangeObservation
        {
            Up = [],
            Networks = new Dictionary<string, string>(),
            Unstarted = ["mail.service"],
            Stopped = ["web.service"],
        };
        var steps = ChangeSteps.Of(applied, change.After, PlanOf(change), seen, 3, stays: false);
        Assert.Equal(
            ["mail.service", "tv.service", "web.service"], Assert.Single(steps.OfType<ChangeStep.Start>()).Units);
        Assert.Single(steps.OfType<ChangeStep.RequireStarted>());
    }

    private static ChangeCase Named(string name) => ChangeCase.All.Single(c => c.Name == name);

    private static IReadOnlyList<ChangeStep> StepsOf(string name)
    {
        var change = Named(name);
        var plan = PlanOf(change);
        var living = change.Before.Namespaces.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        return ChangeSteps.Of(
            change.Applied,
            change.After,
            plan,
            new ChangeObservation
            {
                Up = [.. ChangeSteps.UnitsOf(plan).Where(change.Up.Contains)],
                Networks = change.Up.ToDictionary(u => u, u => NetworkOf(change.Before, u)),
                Watchers = [.. ChangeSteps.WatchersOf(plan).Where(living.Select(StateLayout.WatchUnit).Contains)],
                Living = living,
            },
            change.Generation,
            change.Stays);
    }

    private static string NetworkOf(CompiledTree tree, string unit) =>
        tree.Namespaces.FirstOrDefault(n => n.Units.Any(u => u.Name == unit))?.Name is { } ns
            ? StateLayout.Netns(ns) : "";

    private static ApplyPlan PlanOf(ChangeCase change)
    {
        var applied = change.Applied;
        var disk = (change.CutShort ?? change.Before).Files.ToDictionary(f => f.Path, f => f.Content);
        return ApplyPlan.Make(applied, change.After, new HostObservation
        {
            HashOnDisk = p => disk.GetValueOrDefault(p) is { } text ? ContentHash.Of(text) : null,
            Applied = ns => applied.IsWhole ? change.Before.Plans.FirstOrDefault(p => p.Namespace == ns) : null,
            Drift = change.Damage,
        });
    }
}
