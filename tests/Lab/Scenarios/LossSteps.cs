using System.Diagnostics;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>The tunnel goes away, and comes back.</summary>
internal static class LossSteps
{
    private static readonly TimeSpan Patience = LabHost.Patience(60);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private const string Watcher = $"vpn-confinement-watch@{Laboratory.Namespace}.service";

    public static Section Section { get; } = new("When the tunnel goes away",
    [
        new("tunnel-stop-stops-service", "The tunnel's unit is stopped: the service is stopped", TunnelStopStopsService),
        new("tunnel-stop-uplink-silent", "... and the uplink stays silent", UplinkSilent),
        new("tunnel-start-brings-service-back", "The tunnel's unit is started: the service comes back by itself, and works", TunnelStartBringsServiceBack),
        new("link-deleted-nothing-out", "The tunnel's link is deleted behind systemd's back, and nobody watches: nothing gets out", LinkDeletedNothingOut),
        new("watcher-repairs", "The watcher runs again: it makes the link anew, and the service works", WatcherRepairs),
        new("tunnel-restart-works-again", "The tunnel's unit is restarted: the service works again", TunnelRestartWorksAgain),
        new("administrator-stop-stays", "A service that the administrator stopped stays down while the tunnel restarts", AdministratorStopStays),
    ]);

    private static Verdict TunnelStopStopsService(Laboratory laboratory)
    {
        var before = laboratory.Machine.UnitState(laboratory.Downloader.Unit);
        if (before != "active")
        {
            return Verdict.Inconclusive($"the service was {before} before");
        }

        laboratory.Machine.Run("systemctl", "stop", Laboratory.TunnelUnit).OrThrow();
        // One that ends badly when it is told to is stopped as well.
        var stopped = laboratory.Machine.WaitForUnit(laboratory.Downloader.Unit, "inactive", Patience) || laboratory.Machine.UnitState(laboratory.Downloader.Unit) == "failed";
        laboratory.TunnelWasStopped = true;
        var left = laboratory.Machine.ProcessesOf(laboratory.Downloader.Unit).Count;
        return Verdict.When(stopped && left == 0, $"it is {laboratory.Machine.UnitState(laboratory.Downloader.Unit)}, {left} processes left");
    }

    private static Verdict UplinkSilent(Laboratory laboratory)
    {
        if (!laboratory.TunnelWasStopped)
        {
            return Verdict.Inconclusive("the tunnel was not stopped before");
        }

        var watch = UplinkWatch.Begin(laboratory);
        Thread.Sleep(Quiet);
        return watch.EndWithSilence($"nothing sent in {Quiet.TotalSeconds:0} s");
    }

    private static Verdict TunnelStartBringsServiceBack(Laboratory laboratory) => BringBack(laboratory, "start");

    private static Verdict LinkDeletedNothingOut(Laboratory laboratory)
    {
        if (laboratory.Downloader.GetInTime(Addresses.Web) is { Ok: false } broken)
        {
            return Verdict.Inconclusive($"the tunnel did not work before: {broken}");
        }

        laboratory.Machine.Run("systemctl", "stop", Watcher).OrThrow();
        var watch = UplinkWatch.Begin(laboratory);
        laboratory.Machine.Run("nsenter", $"--net=/run/netns/{Laboratory.Namespace}", Command.Find("ip"), "link", "delete", "wg0").OrThrow();
        var links = laboratory.Machine.Run("nsenter", $"--net=/run/netns/{Laboratory.Namespace}", Command.Find("ip"), "link", "show", "wg0");
        var host = laboratory.HostLinkAddress("HOST");
        if (laboratory.Machine.UnitState(laboratory.Downloader.Unit) != "active")
        {
            Thread.Sleep(Quiet);
            return watch.EndWithTunnelOnly("the service was stopped");
        }

        IReadOnlyList<AgentRequest> all = [.. Escapes.Plain, .. Escapes.Besides, .. Escapes.OverHostLink(host, 22)];
        var tries = Escapes.Try(laboratory.Downloader, all);
        if (tries.Any(one => one.Reply.IsSilence) && laboratory.Machine.UnitState(laboratory.Downloader.Unit) == "active")
        {
            return Verdict.Inconclusive("the service runs but does not answer");
        }

        var worked = tries.Where(one => one.Reply.Ok).Select(one => $"{one.Request.Operation} {one.Request.Address}").ToList();
        var verdict = watch.EndWithTunnelOnly($"{tries.Count} tries, {worked.Count} worked");
        return worked.Count > 0 || links.Succeeded ? Verdict.Fail($"{verdict.Detail}; {string.Join(", ", worked)}") : verdict;
    }

    private static Verdict WatcherRepairs(Laboratory laboratory)
    {
        laboratory.Machine.Run("systemctl", "start", Watcher).OrThrow();
        var clock = Stopwatch.StartNew();
        if (!laboratory.Machine.WaitForUnit(laboratory.Downloader.Unit, "active", Patience))
        {
            return Verdict.Fail(laboratory.Machine.Told(laboratory.Downloader.Unit, Laboratory.TunnelUnit, Watcher));
        }

        var seen = laboratory.Downloader.GetInTime(Addresses.Web);
        var after = $"after {clock.Elapsed.TotalSeconds:0.0} s";
        return Verdict.When(seen.Value == $"{Addresses.Provider}", $"{after} the world sees {seen}");
    }

    private static Verdict TunnelRestartWorksAgain(Laboratory laboratory) => BringBack(laboratory, "restart");

    private static Verdict AdministratorStopStays(Laboratory laboratory)
    {
        laboratory.Machine.Run("systemctl", "stop", laboratory.Downloader.Unit).OrThrow();
        laboratory.Machine.Run("systemctl", "restart", Laboratory.TunnelUnit).OrThrow();
        Thread.Sleep(Quiet);
        var state = laboratory.Machine.UnitState(laboratory.Downloader.Unit);
        if (state != "inactive")
        {
            return Verdict.Fail($"the service is {state}");
        }

        var started = laboratory.Machine.Run("systemctl", "start", laboratory.Downloader.Unit);
        var seen = started.Succeeded ? $"{laboratory.Downloader.GetInTime(Addresses.Web)}" : started.Summary;
        return Verdict.When(seen == $"{Addresses.Provider}", $"started by hand, the world sees {seen}");
    }

    private static Verdict BringBack(Laboratory laboratory, string verb)
    {
        var result = laboratory.Machine.Run("systemctl", verb, Laboratory.TunnelUnit);
        if (!result.Succeeded)
        {
            return Verdict.Fail(result.Summary);
        }

        if (!laboratory.Machine.WaitForUnit(laboratory.Downloader.Unit, "active", Patience))
        {
            return Verdict.Fail($"the service is {laboratory.Machine.UnitState(laboratory.Downloader.Unit)}");
        }

        var seen = laboratory.Downloader.GetInTime(Addresses.Web);
        var name = laboratory.Downloader.ResolveInTime($"{verb}.example");
        return Verdict.When(
            seen.Value == $"{Addresses.Provider}" && name.Value == $"{Addresses.PinnedAnswer}", $"the world sees {seen}, its DNS answers {name}");
    }
}
