using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Drift;
using VpnConfinement.Health;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Status;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Verify;

namespace VpnConfinement.Linux.Verify;

/// <summary>
/// A live leak test: what is as it was applied, where each running service really is, whether packets of it leave
/// outside its tunnel, and whether the tunnel works. It changes nothing of the host.
/// </summary>
/// <param name="systemctl">The running systemd.</param>
/// <param name="say">Takes lines about what is being done.</param>
/// <param name="deadline">After which no canary is begun; a service not tried by then is inconclusive.</param>
public sealed class Verifier(Systemctl systemctl, Action<string> say, TimeSpan deadline)
{
    // For the answers of resolvers.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    // A process that systemd is just starting is still where systemd is.
    private const int Looks = 4;
    private const int PauseBetweenLooks = 300;

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Looks and tries.</summary>
    /// <param name="name">A namespace or a confined service; null for everything.</param>
    /// <exception cref="UnknownName">Nothing of that name is applied.</exception>
    /// <exception cref="SystemFailure">It is not known what is applied.</exception>
    public VerifyReport Run(string? name)
    {
        // The probe of another run would be one more process of a service, in the folders of the host.
        using var one = OwnLock.Take(StateLayout.VerifyLock, "wait for another 'verify'");
        _clock.Restart();
        var manifest = StateFile.Read(StateLayout.Manifest);
        var scope = VerifyScope.Find(systemctl, name);
        var changes = new ChangeWatch(systemctl, scope, manifest);
        var began = scope.Services.Where(s => s.MayRun()).ToList();
        say("asking the resolvers through their tunnels");
        var answered = ResolverAnswers.Ask(scope.Namespaces.Select(n => n.Name), Patience, static _ => { });
        var status = new StatusReader(systemctl).Read(new JustApplied(answered, new HashSet<string>()));
        changes.Note();
        var lines = new List<VerifyLine>();
        lines.AddRange(status.Health.Where(h => h.Kind is HealthKind.Host && h.State is not HealthState.Idle)
            .Select(VerifyLines.OfHealth));
        foreach (var ns in scope.Namespaces)
        {
            lines.AddRange(status.Namespaces.FirstOrDefault(n => n.Name == ns.Name) is { } seen
                ? OfNamespace(ns, seen, scope)
                : [VerifyLines.Gone(ns.Name)]);
        }

        // What started meanwhile was looked at, and is not passed without a trial.
        var running = scope.Services.Where(s => began.Contains(s) || s.MayRun()).ToList();
        changes.Note();
        say("sending packets that may not leave, and watching the host's links");
        lines.AddRange(new LeakTrial(running, changes, _clock, deadline, say).Run());
        if (running.Count == 0 && scope.Named is null)
        {
            lines.Add(VerifyLines.Nothing());
        }

        return new VerifyReport(HostChange.Temper(lines, changes.Changes()));
    }

    private static IEnumerable<VerifyLine> OfNamespace(ManifestNamespace ns, NamespaceStatus status, VerifyScope scope)
    {
        foreach (var line in VerifyLines.OfDrift(
            "parts",
            ns.Name,
            null,
            status.Drift,
            status.Up
                ? "every part of it in the kernel is as it was applied"
                : "it is down, as it is while no service needs it"))
        {
            yield return line;
        }

        // What differs in the kernel was told with the parts.
        foreach (var entry in status.Health.Where(h => h.Kind is not HealthKind.Namespace || status.Drift.Count == 0))
        {
            if (scope.Named is null || entry.Kind is not HealthKind.Service
                || scope.Services.Any(s => s.Unit == entry.Name))
            {
                yield return VerifyLines.OfHealth(entry);
            }
        }

        foreach (var line in Inside(ns, scope))
        {
            yield return line;
        }
    }

    private static List<VerifyLine> Inside(ManifestNamespace ns, VerifyScope scope)
    {
        NamespacePlan plan;
        NetnsState.Ours? ours;
        try
        {
            plan = PlanStore.Load(ns.Name).Plan;
            ours = Netns.Observe(ns.Name) as NetnsState.Ours;
        }
        catch (SystemFailure e)
        {
            return [Unseen("parts", ns.Name, e)];
        }

        using var netns = ours?.Handle;
        return
        [
            .. netns is null ? [] : Works(ns.Name, plan, netns),
            .. scope.Services.Where(s => s.Namespace == ns.Name)
                .SelectMany(s => OfService(s, plan, ours?.Identity, scope.Named is not null)),
        ];
    }

    // A failure here says nothing of the services, which are looked at all the same.
    private static List<VerifyLine> Works(string ns, NamespacePlan plan, SafeFileHandle netns)
    {
        var lines = new List<VerifyLine>();
        var check = "resolver-tcp";
        try
        {
            // A command would bring up a tunnel that is down.
            if (WireGuardRecord.Load(ns) is null)
            {
                return lines;
            }

            var servers = Resolvers.Of(plan);
            if (servers.Count > 0)
            {
                lines.Add(VerifyLines.OfResolverTcp(
                    ns,
                    [.. servers.Select(s => $"{s}")],
                    [.. ResolverTcp.Ask(netns, servers).Select(s => $"{s}")]));
            }

            check = SeenAddress.Check;
            if (SeenAddress.Ask(ns) is { } seen)
            {
                lines.Add(seen);
            }
        }
        catch (SystemFailure e)
        {
            lines.Add(Unseen(check, ns, e) with { Aspect = VerifyAspect.Works });
        }

        return lines;
    }

    private static VerifyLine Unseen(string check, string ns, SystemFailure failure) => new(
        VerifyAspect.Confinement, check, ns, null, VerifyOutcome.Inconclusive,
        failure.Message, failure.Remedy ?? "run 'vpn-confinement apply'");

    private static bool HaveEnded(IReadOnlyList<int> pids) =>
        pids.All(pid => ProcessNetns.Of(pid, out var ended) is null && ended);

    private static VerifyLine Ended(VerifiedService service) => new(
        VerifyAspect.Confinement, "processes", service.Namespace, service.Unit, VerifyOutcome.Inconclusive,
        "its processes ended while they were looked at", $"run 'vpn-confinement verify {service.Unit}' again");

    // Null where they cannot be listed any more: the ones of before are looked at.
    private static IReadOnlyList<int>? Again(VerifiedService service)
    {
        try
        {
            return service.Processes();
        }
        catch (SystemFailure)
        {
            return null;
        }
    }

    private static List<VerifyLine> OfService(
        VerifiedService service, NamespacePlan plan, NetnsIdentity? netns, bool isNamed)
    {
        IReadOnlyList<int> pids;
        string gate;
        VerifyLine? failure = null;
        try
        {
            pids = service.Processes();
            var dropIn = ServiceDropIn.PathOf(service.Definition);
            gate = StateFile.Read(dropIn) ?? throw new SystemFailure(
                $"{dropIn} is missing, so what is pinned and hidden there is not known", "run 'vpn-confinement apply'");
        }
        catch (SystemFailure e)
        {
            (pids, gate) = ([], "");
            failure = new VerifyLine(
                VerifyAspect.Confinement, "processes", service.Namespace, service.Unit, VerifyOutcome.Inconclusive,
                e.Message, e.Remedy ?? $"see 'systemctl status {service.Unit}'");
        }

        if (failure is not null || pids.Count == 0)
        {
            return [failure ?? VerifyLines.OfIdle(service.Namespace, service.Unit, isNamed)];
        }

        var threads = ThreadLook.At(service.Unit, pids, netns);
        for (var look = 1; look < Looks && PartList.Compare(new HostState { Processes = [threads] }).Count > 0; look++)
        {
            Thread.Sleep(PauseBetweenLooks);
            pids = Again(service) ?? pids;
            threads = ThreadLook.At(service.Unit, pids, netns);
        }

        // What could not be told is a difference.
        var isNothing = threads.Known.Count == 0 && PartList.Compare(new HostState { Processes = [threads] }).Count == 0;
        if (isNothing || HaveEnded(pids))
        {
            return [Ended(service)];
        }

        List<VerifyLine> lines =
        [
            .. Lines(
                "processes",
                new HostState { Processes = [threads] },
                VerifyLines.Count(threads.Known.Count, threads.Known.Select(t => t.Pid).Distinct().Count())),
        ];
        if (netns is { } identity)
        {
            lines.AddRange(Lines(
                "resolver-files",
                new HostState { Views = new ServiceViewLook(plan, identity).At(service.Unit, pids, gate) },
                plan.PinnedFiles.Count > 0
                    ? "it sees the pinned resolver files, and nothing of the host's /run that looks names up"
                    : "its namespace pins no resolver files (dns.mode compat)"));
            var sockets = ServiceSocketLook.At(service.Unit, pids, netns, service.Stored);
            lines.AddRange(Lines(
                "sockets", new HostState { Descriptors = [sockets] }, "no socket of it is of another network"));
        }

        // Of what ended while it was looked at, nothing was seen.
        return HaveEnded(pids) ? [.. lines.Where(l => l.Outcome is not VerifyOutcome.Pass), Ended(service)] : lines;

        IEnumerable<VerifyLine> Lines(string check, HostState seen, string evidence) =>
            VerifyLines.OfDrift(check, service.Namespace, service.Unit, PartList.Compare(seen), evidence);
    }
}
