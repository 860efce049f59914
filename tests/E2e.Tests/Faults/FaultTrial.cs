using System.Text.Json;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>One fault: the run that it hits, what is there afterwards, and the run that completes.</summary>
internal sealed class FaultTrial(FaultMachine machine, FaultChange change, FaultPoint point)
{
    internal const string WentOn = "went on";

    internal const string NotReached = "not reached";

    /// <summary>After the names of the services that it is said of.</summary>
    internal const string AsBefore = "running as before";

    private readonly HashSet<string> _open = [.. FaultMachine.Services.Where(s => change.From is null)];

    private readonly HashSet<string> _unconfined = [];

    /// <summary>The call that was hit; null where the run never came to it.</summary>
    internal string? Hit { get; private set; }

    /// <summary>Whether the change is complete now and nothing else is.</summary>
    internal bool EndedAtTarget { get; private set; }

    /// <summary>A shell line after which it is looked where the services are that were asked for.</summary>
    internal string BeforeLook { get; init; } = "true";

    /// <summary>Does it, and says what came of it.</summary>
    /// <exception cref="FaultException">Something that may not be.</exception>
    internal string Run()
    {
        var watch = UplinkWatch.Begin(machine.Laboratory);
        var (before, files) = (machine.Look(), machine.Files());
        var result = machine.Run(change, point, out var hit);
        Hit = hit;
        var outcome = hit is null ? NotReached : Judge(result, before, files, machine.Look());
        outcome += "; " + JudgeStarted(before, machine.Look($"systemctl start {FaultMachine.AllServices} 2>/dev/null; {BeforeLook}"));
        Silent(watch, $"after the fault ({outcome})", [.. _open, .. _unconfined]);
        Complete();
        return outcome;
    }

    /// <summary>The same with the power cut where the run is killed. Whatever is confined has to be, or to be down, when the machine has booted by itself.</summary>
    /// <exception cref="FaultException">Something that may not be.</exception>
    internal string RunWithPowerCut()
    {
        var watch = UplinkWatch.Begin(machine.Laboratory);
        _open.UnionWith(FaultMachine.Services.Where(s => !change.Before(s) || !change.After(s)));
        var result = machine.Run(change, point, out var hit);
        Hit = hit;
        var outcome = hit is null ? NotReached : result.ExitCode is 137 or -1 or 9 ? "cut" : throw new FaultException($"not killed: {result.Summary}");
        watch = machine.CutPower(watch, _open);
        var booted = machine.Look();
        outcome += "; " + JudgeStarted(FaultMachine.Services.ToDictionary(s => s, _ => new FaultView("", false, false, false, false), StringComparer.Ordinal), booted);
        // Without a drop-in it boots as before; the watcher may have stopped it since, because it is about to be confined.
        Silent(watch, "in the boot", [.. FaultMachine.Services.Where(s => !booted[s].HasDropIn && !(change.Before(s) && change.After(s)))]);
        Complete();
        return outcome;
    }

    // What the run said, and what it has left, before anybody does anything.
    private string Judge(CommandResult result, IReadOnlyDictionary<string, FaultView> before, string files, IReadOnlyDictionary<string, FaultView> after)
    {
        // Without a main process it is on its way down, and what is left of it ends. What ran there before, and is not
        // confined now that the run has taken all of it back, was stopped by it and runs again as it did.
        var isUndone = !point.Kills && machine.Files() == files;
        foreach (var (service, view) in after.Where(a => a.Value is { IsOnHost: true, MainPid: not "0" }
            && (before[a.Key].MainPid != a.Value.MainPid || !before[a.Key].IsOnHost)
            && !(isUndone && before[a.Key].IsOnHost && !change.Before(a.Key))))
        {
            throw new FaultException($"{service} was started on the host's network: {view}");
        }

        if (point.Kills)
        {
            return result.ExitCode is 137 or -1 or 9 ? (Hit!.StartsWith(FaultMessages.Late, StringComparison.Ordinal) ? "killed just after" : "killed") : throw new FaultException($"not killed: {result.Summary}");
        }

        if (result.ExitCode == 0)
        {
            return WentOn;
        }

        // The new configuration is kept where a unit alone does not start: whatever it confines is confined by it, or down.
        if (result.ExitCode == 4 && result.Error.Contains("error: it is applied, and not all of it runs", StringComparison.Ordinal))
        {
            return FaultMachine.Services.FirstOrDefault(s => change.After(s) && after[s].IsOnHost) is { } outside
                ? throw new FaultException($"{outside} is on the host's network: {after[outside]}")
                : "stopped or confined";
        }

        if (result.ExitCode != 3 || (!result.Error.Contains("error:", StringComparison.Ordinal) && !point.Kind.StartsWith("write ", StringComparison.Ordinal)))
        {
            throw new FaultException($"no status 3 with a message: {result.Summary}");
        }

        if (machine.Files() == files)
        {
            return "as before";
        }

        var moved = FaultMachine.Services.Where(s => (change.Before(s) || change.After(s)) && after[s].IsOnHost).ToList();
        return moved.Count == 0 ? "stopped or confined" : $"{string.Join(' ', moved)} {AsBefore}";
    }

    // Every service was asked for: one that is confined before and after may never be outside, others may as long as nothing of ours is there for them.
    private string JudgeStarted(IReadOnlyDictionary<string, FaultView> before, IReadOnlyDictionary<string, FaultView> started)
    {
        foreach (var service in FaultMachine.Services.Where(s => started[s].IsOnHost && change.Before(s) && change.After(s)))
        {
            throw new FaultException($"{service} is confined before and after, and was found on the host's network: {started[service]}");
        }

        var loaded = started;
        if (FaultMachine.Services.Any(s => started[s].IsOnHost && started[s].HasDropIn))
        {
            foreach (var service in FaultMachine.Services.Where(s => started[s].IsOnHost && started[s].HasDropIn))
            {
                if (started[service].IsLoaded && (started[service].MainPid != before[service].MainPid || !before[service].IsOnHost))
                {
                    throw new FaultException($"{service} started on the host's network, although systemd has its drop-in: {started[service]}");
                }

                _unconfined.Add(service);
            }

            if (machine.Host.Product("status") is { ExitCode: not (3 or 4) } status)
            {
                throw new FaultException($"'status' ends with {status.ExitCode} while a service with a drop-in of ours runs on the host's network: {status.Output}");
            }

            // As a boot would: whatever has its drop-in on disk has to be confined or stay down.
            loaded = machine.Look($"systemctl daemon-reload; systemctl restart {string.Join(' ', FaultMachine.Services.Where(s => started[s].IsOnHost))} 2>/dev/null");
        }

        var (confined, refused, open) = (0, 0, 0);
        foreach (var service in FaultMachine.Services.Where(s => change.Before(s) || change.After(s)))
        {
            if (loaded[service].IsOnHost)
            {
                if (loaded[service].HasDropIn || (change.Before(service) && change.After(service)))
                {
                    throw new FaultException($"{service} is on the host's network: {loaded[service]}");
                }

                _unconfined.Add(service);
                open++;
            }
            else if (loaded[service].IsAway)
            {
                confined++;
            }
            else
            {
                // Its drop-in is gone, and as long as the change is not through the watcher stops it: it was up until then.
                if (loaded[service] is { HasDropIn: false, IsLoaded: false } && !(change.Before(service) && change.After(service)))
                {
                    _unconfined.Add(service);
                }

                refused++;
            }
        }

        // One that nobody confines is none of ours.
        _open.UnionWith(FaultMachine.Services.Where(s => !change.Before(s) && !change.After(s)));
        return $"{confined} confined{(refused > 0 ? $", {refused} refused" : "")}{(open > 0 ? $", {open} not opted in" : "")}";
    }

    private void Complete()
    {
        var watch = UplinkWatch.Begin(machine.Laboratory);
        var config = change.To ?? change.From!;
        machine.Configure(config);
        var leaving = FaultMachine.Services.Where(s => !config.Confines(s)).ToList();
        machine.Host.Shell($"systemctl stop {string.Join(' ', leaving)}").OrThrow();
        var applied = machine.Host.Product("apply", "--allow-unconfine", "--no-wait");
        if (!applied.Succeeded)
        {
            throw new FaultException($"the next 'apply' fails: {applied.Summary}");
        }

        Silent(watch, "during the next 'apply'", [.. _open, .. _unconfined]);
        watch = UplinkWatch.Begin(machine.Laboratory);
        var wanted = FaultMachine.Services.Where(config.Confines).ToList();
        var views = machine.Look($"systemctl start {string.Join(' ', wanted)}");
        foreach (var service in wanted)
        {
            if (views[service].IsOnHost || !views[service].IsAway)
            {
                throw new FaultException($"{service} is not confined after the next 'apply': {views[service]}");
            }

            if (config.Works && !machine.IsHeard(service))
            {
                throw new FaultException($"{service} is not heard through the tunnel after the next 'apply', which said: {applied.Error} {machine.Host.Product("status").Output}");
            }
        }

        // Of a tunnel that nobody answers, what it comes to besides depends on the moment.
        string[] states = config.Works ? ["working", "idle"] : ["working", "idle", "waiting", "blocked"];
        var status = machine.Host.Product("status", "--json");
        using (var said = JsonDocument.Parse(status.Output))
        {
            if (!states.Contains(said.RootElement.GetProperty("state").GetString()))
            {
                throw new FaultException($"after the next 'apply' 'status' ends with {status.ExitCode}: {machine.Host.Product("status").Output}{status.Error}");
            }
        }

        Silent(watch, "after the next 'apply'", []);
        EndedAtTarget = true;
        machine.IsGood = true;
    }

    private static void Silent(UplinkWatch watch, string when, IReadOnlyCollection<string> allowed)
    {
        var leaked = FaultMachine.Leaked(watch, allowed);
        if (leaked.Count > 0)
        {
            throw new FaultException($"{leaked.Count} packets left besides the tunnel {when}, first: {FaultMachine.List(leaked)}");
        }
    }
}
