using System.Diagnostics;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;
using VpnConfinement.Verify;

namespace VpnConfinement.Linux.Verify;

/// <summary>
/// Sends canaries as each running service, while every link of the host and of each tunnel's birthplace is watched.
/// </summary>
/// <param name="services">The services that ran when the run began.</param>
/// <param name="changes">What changed since the run began.</param>
/// <param name="clock">Time since the beginning of the run.</param>
/// <param name="deadline">How long the run may take.</param>
/// <param name="say">Takes lines about what is being done.</param>
internal sealed class LeakTrial(
    IReadOnlyList<VerifiedService> services,
    ChangeWatch changes,
    Stopwatch clock,
    TimeSpan deadline,
    Action<string> say)
{
    // After the last canary: whoever holds one back (a neighbour that is looked up) has let it go by then.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);
    private const int Pause = 50;

    // Services between two controls.
    private const int Wave = 5;

    private readonly List<CanaryTrial> _trials = [];
    private readonly List<VerifyLine> _untried = [];
    private readonly List<Canary> _known = [];

    /// <summary>Tries.</summary>
    internal IReadOnlyList<VerifyLine> Run()
    {
        if (services.Count == 0)
        {
            return [];
        }

        var running = services.ToList();
        var namespaces = running.Select(s => s.Namespace).Distinct(StringComparer.Ordinal).ToList();
        var targets = CanaryTargets.Of(namespaces.Select(HostLinkOf).OfType<HostLinkPlan>());
        var captures = Captures(namespaces, targets).ToList();
        try
        {
            Control(captures, targets);
            for (var i = 0; i < running.Count; i++)
            {
                if (clock.Elapsed + Wait >= deadline)
                {
                    _untried.Add(VerifyLines.OfDeadline(running[i].Namespace, running[i].Unit));
                    continue;
                }

                say($"trying {running[i].Unit}");
                Try(running[i], targets, isFirst: running.FindIndex(s => s.Namespace == running[i].Namespace) == i);
                captures.ForEach(c => c.Take(_known));
                if (i % Wave == Wave - 1)
                {
                    Control(captures, targets);
                }
            }

            WaitFor(captures, Wait);
            Control(captures, targets);
            WaitFor(captures, TimeSpan.FromMilliseconds(Pause * 4));
            var records = captures.Select(c => c.Record).ToList();
            return [.. _trials.Select(t => CanaryJudge.Judge(t, records)), .. _untried];
        }
        finally
        {
            captures.ForEach(c => c.Dispose());
        }
    }

    // Where what was applied cannot be read, that is told with the parts.
    private static HostLinkPlan? HostLinkOf(string ns)
    {
        try
        {
            return PlanStore.Load(ns).Plan.HostLink;
        }
        catch (SystemFailure)
        {
            return null;
        }
    }

    private static string? PlaceOf(string ns)
    {
        try
        {
            return WireGuardRecord.Load(ns)?.Place;
        }
        catch (SystemFailure)
        {
            return null;
        }
    }

    private static IEnumerable<CanaryCapture> Captures(IEnumerable<string> namespaces, CanaryTargets targets)
    {
        var filter = CanaryFilter.For(targets.All);
        var host = Kernel.Open("/proc/thread-self/ns/net", LibcConstants.O_RDONLY);
        yield return new CanaryCapture(host, "the host", filter);
        var places = namespaces.Select(PlaceOf).OfType<string>().Distinct(StringComparer.Ordinal);
        foreach (var place in places.Where(p => p.Split('@')[0] != StateLayout.HostPlace))
        {
            // One that is gone carries nothing; that it is gone is told with the parts.
            using var found = BirthplaceNetns.FindPlace(place);
            if (found is not null)
            {
                yield return new CanaryCapture(
                    Kernel.Open($"/proc/thread-self/fd/{found.Handle.DangerousGetHandle()}", LibcConstants.O_RDONLY),
                    $"the network namespace {found.Name}",
                    filter);
            }
        }
    }

    private void Control(List<CanaryCapture> captures, CanaryTargets targets)
    {
        foreach (var capture in captures)
        {
            var controls = targets.Controls();
            _known.AddRange(controls);
            capture.Control(controls);
            capture.Take(_known);
        }
    }

    private void WaitFor(List<CanaryCapture> captures, TimeSpan time)
    {
        var end = clock.Elapsed + time;
        do
        {
            Thread.Sleep(Pause);
            captures.ForEach(c => c.Take(_known));
        }
        while (clock.Elapsed < end);
    }

    private void Try(VerifiedService service, CanaryTargets targets, bool isFirst)
    {
        var canaries = targets.OfService();
        var root = isFirst ? targets.OfRoot() : [];
        IReadOnlyList<Canary> all = [.. canaries, .. root];
        _known.AddRange(all);
        try
        {
            if (service.Processes() is not [_, ..] pids)
            {
                throw new SystemFailure("it ended meanwhile");
            }

            using var netns = Netns.Open(service.Namespace);
            var answers = Probe.Run(netns, Insider(pids, NetnsIdentity.Of(netns)), canaries).ToDictionary();
            foreach (var canary in root)
            {
                answers[canary] = NetnsThread.Run(netns, () => CanarySender.Send(canary));
            }

            IReadOnlyList<Canary> outside =
                OutsideProcess.Find(pids) is { } process ? TryOutside(service, process, targets, answers) : [];
            _trials.Add(new CanaryTrial(service.Namespace, service.Unit, [.. all, .. outside], answers, null));
        }
        catch (SystemFailure e)
        {
            _trials.Add(new CanaryTrial(
                service.Namespace, service.Unit, all, new Dictionary<Canary, string>(), e.Message));
        }
    }

    // What a process on the host's network sends leaves by whatever way the host has. One that ends, comes back or was
    // let go by a change meanwhile proves nothing of the service.
    private IReadOnlyList<Canary> TryOutside(
        VerifiedService service, int process, CanaryTargets targets, Dictionary<Canary, string> answers)
    {
        var canaries = targets.OfService();
        using var host = Kernel.Open("/proc/thread-self/ns/net", LibcConstants.O_RDONLY);
        var sent = Probe.Run(host, process, canaries);
        if (!OutsideProcess.IsOne(process) || !service.Processes().Contains(process)
            || changes.Changes().Any(c => c.Concerns(service.Namespace, service.Unit)))
        {
            return [];
        }

        _known.AddRange(canaries);
        foreach (var (canary, answer) in sent)
        {
            answers[canary] = answer;
        }

        return canaries;
    }

    // As one of its processes that is where it belongs; where none is, as one that is not.
    private static int Insider(IReadOnlyList<int> pids, NetnsIdentity netns) =>
        pids.Where(pid => ProcessNetns.Of(pid, out _) == netns).DefaultIfEmpty(pids[0]).First();
}
