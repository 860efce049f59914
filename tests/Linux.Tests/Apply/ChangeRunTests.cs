using VpnConfinement.Change;
using VpnConfinement.Core.Tests.Change;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Tests.Apply;

/// <summary>
/// Each step of each case fails, in each way. What was confined stays confined or is down, nothing is half written, the
/// message says what and what next, and the next change completes.
/// </summary>
[Trait("guarantees", "S-29")]
public sealed class ChangeRunTests
{
    private readonly List<string> _said = [];

    public static TheoryData<string, ModelFault> Faults =>
        [.. from change in ChangeCase.All from fault in Enum.GetValues<ModelFault>() select (change.Name, fault)];

    public static TheoryData<string> Cases => [.. ChangeCase.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Without_a_fault_it_completes(string name)
    {
        var change = Named(name);
        var host = new ModelHost(change);
        Assert.Null(Apply(host, change));
        IsComplete(host, change);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_step_that_fails_leaves_nothing_open_and_the_next_change_completes(string name, ModelFault fault)
    {
        var change = Named(name);
        var whole = new ModelHost(change);
        Apply(whole, change);
        for (var number = 0; number < whole.Begun.Count; number++)
        {
            _said.Clear();
            var host = new ModelHost(change) { FailAt = number, Fault = fault };
            var failure = Assert.Throws<SystemFailure>(() => Apply(host, change));
            Assert.StartsWith(
                $"injected at {whole.Begun[number].GetType().Name}", failure.Message, StringComparison.Ordinal);
            Judge(new ModelHost(change), host, change, failure, whole.Begun[number]);

            host.FailAt = -1;
            Assert.Null(Apply(host, change));
            IsComplete(host, change);
        }
    }

    // Whichever its definition, it cannot start: going back fails as well, and says so.
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_unit_that_does_not_start_keeps_no_other_down_and_has_a_change_go_back_unless_it_stays(string name)
    {
        var change = Named(name);
        var host = new ModelHost(change);
        host.Broken.Add("tv.service");
        var isStarted = new ModelHost(change);
        Apply(isStarted, change);
        var starts = isStarted.Begun.OfType<ChangeStep.Start>().SelectMany(s => s.Units).ToList();
        var failure = Record.Exception(
            () => Assert.Equal(starts.Contains("tv.service"), Apply(host, change) is not null));
        Assert.Equal(starts.Contains("tv.service") && !change.Stays, failure is SystemFailure);
        if (failure is not null)
        {
            const string Down = "confined, and did not start again: tv.service";
            const string Told = $"{Down}; going back to generation 2 failed as well: {Down}";
            Assert.StartsWith(Told, failure.Message, StringComparison.Ordinal);
        }

        NothingIsOpen(new ModelHost(change), host, change);
        var others = starts.Where(u => u != "tv.service");
        Assert.All(others, u => Assert.Contains(u, host.Running.Keys));
        host.Broken.Clear();
        Assert.Null(Apply(host, change));
        IsComplete(host, change);
    }

    // As a transaction does it, without the files of this host.
    private SystemFailure? Apply(ModelHost host, ChangeCase change)
    {
        var run = new ChangeRun(host);
        var applied = host.Manifest;
        var stays = change.Stays || applied.Generation == 0 || applied.Generation == change.Generation;
        try
        {
            return run.Run(applied, change.After, host.Plan(applied, change.After), change.Generation, stays);
        }
        catch (SystemFailure e)
        {
            new GoingBack(run, _said.Add).Run(applied, change.Generation, e, () => _said.Add("settled"));
            throw;
        }
    }

    private void Judge(ModelHost before, ModelHost host, ChangeCase change, SystemFailure failure, ChangeStep step)
    {
        NothingIsOpen(before, host, change);
        NothingIsHalfWritten(host, change);
        if (step.IsUndone && before.Manifest.IsWhole)
        {
            Assert.Equal($"injected at {step.GetType().Name}", failure.Message);
            Assert.Equal(before.Running.Keys, host.Running.Keys);
            Assert.Equal(before.Running.Values.Select(r => r.Network), host.Running.Values.Select(r => r.Network));
            Assert.Equal(before.Watchers, host.Watchers);
            Assert.Equal(before.Disk, host.Disk);
            Assert.Equal(ManifestJson.Write(before.Manifest), ManifestJson.Write(host.Manifest));
        }
        else if (failure.Message.Contains("everything is back as it was before", StringComparison.Ordinal))
        {
            Assert.Equal(["it failed; going back to generation 2", "settled"], _said);
            Assert.Equal(change.Before.Files.ToDictionary(f => f.Path, f => f.Content), host.Disk);
            Assert.Equal(before.Running.Keys, host.Running.Keys);
            Assert.Equal(before.Running.Values.Select(r => r.Network), host.Running.Values.Select(r => r.Network));
            Assert.Contains("'vpn-confinement apply'", failure.Remedy, StringComparison.Ordinal);
        }
        else if (failure.InnerException is not null)
        {
            Assert.Contains("going back ", failure.Message, StringComparison.Ordinal);
            Assert.Contains("'vpn-confinement apply'", failure.Remedy, StringComparison.Ordinal);
        }
    }

    private static void NothingIsOpen(ModelHost before, ModelHost host, ChangeCase change)
    {
        var confined = ChangeCase.Units(change.Before).ToHashSet(StringComparer.Ordinal);
        var concerned = confined.Union(ChangeCase.Units(change.After)).ToHashSet(StringComparer.Ordinal);
        foreach (var (unit, process) in host.Running.Where(r => concerned.Contains(r.Key)))
        {
            // What runs as it ran before, and was not confined, is not confined yet; without its drop-in, as before.
            Assert.True(
                process.Network != ModelHost.OnHost
                || (!confined.Contains(unit) && before.Running.GetValueOrDefault(unit).Network == process.Network
                    && (before.Running[unit] == process || !host.Disk.ContainsKey(SampleNamespace.DropIn(unit)))),
                $"{unit} runs on the host's network");
            Assert.True(process.Network == ModelHost.OnHost || host.Rulesets.ContainsKey(process.Network));
        }
    }

    // A manifest that is not whole names all that is there; one that is whole is true.
    private static void NothingIsHalfWritten(ModelHost host, ChangeCase change)
    {
        var texts = new[] { change.Before, change.After, change.CutShort ?? change.Before }.SelectMany(t => t.Files)
            .Select(f => (f.Path, f.Content)).ToHashSet();
        Assert.All(host.Disk, file => Assert.Contains((file.Key, file.Value), texts));
        Assert.Empty(host.Disk.Keys.Except(host.Manifest.Files.Select(f => f.Path)));
        if (host.Manifest.IsWhole)
        {
            Assert.Equal(
                host.Manifest.Files.Select(f => (f.Path, f.Sha256)),
                host.Disk.Select(f => (f.Key, Model.ContentHash.Of(f.Value))));
        }
    }

    private static void IsComplete(ModelHost host, ChangeCase change)
    {
        var wanted = Manifest.Of(change.After) with { Generation = change.Generation };
        Assert.Equal(ManifestJson.Write(wanted), ManifestJson.Write(host.Manifest));
        Assert.Equal(change.After.Files.ToDictionary(f => f.Path, f => f.Content), host.Disk);
        foreach (var ns in change.After.Namespaces)
        {
            var up = ns.Units.Select(u => u.Name).Where(change.Up.Contains).ToList();
            Assert.All(up, u => Assert.Equal(ns.Name, host.Running.GetValueOrDefault(u).Network));
            Assert.All(ns.Published, p => Assert.Contains(p, host.Running.Keys));
            if (host.Rulesets.TryGetValue(ns.Name, out var ruleset))
            {
                Assert.Equal(host.Disk[StateLayout.Ruleset(ns.Name)], ruleset);
                Assert.Contains(StateLayout.WatchUnit(ns.Name), host.Watchers);
            }
        }

        var released = ChangeCase.Units(change.Before).Except(ChangeCase.Units(change.After));
        Assert.All(released, u => Assert.DoesNotContain(u, host.Running.Keys));
    }

    private static ChangeCase Named(string name) => ChangeCase.All.Single(c => c.Name == name);
}
