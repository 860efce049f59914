using System.Net;
using System.Net.Sockets;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>What the units run, by the name of a namespace.</summary>
public static class RuntimeCalls
{
    // TimeoutStartSec= of the namespace's unit is 30 s.
    private const int LongestStart = 35_000;
    private const int StartTick = 100;

    /// <summary><c>netns up</c>.</summary>
    public static void NetnsUp(string ns, Action<string> log)
    {
        Runtime.NetnsUp.Run(PlanStore.Load(ns), log);
        try
        {
            // Its unit wants the watcher; systemd merges that with a start under way, which may be about to end for want
            // of a namespace. The watcher enforces nothing: without it the namespace is as closed.
            Systemctl.OfUnits().StartNoBlock([StateLayout.WatchUnit(ns)]);
        }
        catch (SystemFailure e)
        {
            log($"the watcher of namespace {ns} was not asked for: {e.Message}");
        }
    }

    /// <summary><c>netns down</c>. Needs no plan: what a damaged or missing plan made has to go as well.</summary>
    public static void NetnsDown(string ns, Action<string> log)
    {
        Runtime.NetnsDown.Run(Name(ns).ToString(), HostLinkDerivation.HostTable(Name(ns)), log);
        FrozenServices.StopBoundTo(StateLayout.NetnsUnit(Name(ns).ToString()), log);
    }

    /// <summary><c>netns is-up</c>: whether it was brought up and not taken down since; its name may be gone.</summary>
    /// <remarks>
    /// A start of the watcher that systemd asks for while this runs is merged with the one that asks here. So it is not
    /// answered with no while systemd is about to bring the namespace up: nobody would watch it.
    /// </remarks>
    public static bool IsNetnsUp(string ns)
    {
        var name = Name(ns).ToString();
        var end = Environment.TickCount64 + LongestStart;
        while (!File.Exists(StateLayout.NetnsMarker(name)))
        {
            if (Environment.TickCount64 > end || !IsComing(StateLayout.NetnsUnit(name)))
            {
                return File.Exists(StateLayout.NetnsMarker(name));
            }

            Thread.Sleep(StartTick);
        }

        return true;
    }

    private static bool IsComing(string unit)
    {
        var shown = Systemctl.OfUnits().Show(unit, "ActiveState", "Job");
        return shown.GetValueOrDefault("ActiveState") is "activating" || shown.GetValueOrDefault("Job") is not (null or "" or "0");
    }

    /// <summary><c>wireguard up</c>.</summary>
    public static void WireGuardUp(string ns, Action<string> log) => Runtime.WireGuardUp.Run(PlanStore.Load(ns).Plan, log, () => PlanStore.Load(ns).Plan);

    /// <summary><c>wireguard down</c>. Needs no plan either: the record of this boot says which link there is.</summary>
    public static void WireGuardDown(string ns, Action<string> log)
    {
        var name = Name(ns).ToString();
        if (WireGuardRecord.Load(name) is { } record)
        {
            Runtime.WireGuardDown.Run(name, record.Interface, log);

            // Not before: what is thawed runs until it has ended.
            FrozenServices.StopBoundTo(StateLayout.WireGuardUnit(record.Interface), log);
        }
    }

    /// <summary><c>wireguard refresh</c>.</summary>
    public static void WireGuardRefresh(string ns, Action<string> log) => Runtime.WireGuardRefresh.Run(PlanStore.Load(ns).Plan, log, () => PlanStore.Load(ns).Plan);

    /// <summary><c>pin up</c>.</summary>
    public static void PinUp(string ns, Action<string> log) => EndpointPin.Up(PlanStore.Load(ns).Plan, log);

    /// <summary><c>pin down</c>. Needs no plan.</summary>
    public static void PinDown(string ns, Action<string> log) => EndpointPin.Down(Name(ns), log);

    /// <summary><c>host-route keep</c>. Needs no plan: it comes before the folder that holds those may be there.</summary>
    public static void HostRouteKeep(string ns, string subnet, Action<string> log)
    {
        if (!IPNetwork.TryParse(subnet, out var network) || network.PrefixLength != Parts.HostLink.PrefixLength || network.BaseAddress.AddressFamily != AddressFamily.InterNetwork || network.ToString() != subnet)
        {
            throw new SystemFailure($"'{subnet}' is no IPv4 subnet of prefix length {Parts.HostLink.PrefixLength}", "'vpn-confinement show' prints that of each host link");
        }

        var name = Name(ns).ToString();
        using var held = NamespaceLock.Take(name);
        if (HostRoute.Ensure(name, network))
        {
            log($"made the host's unreachable route to {subnet}");
        }
    }

    /// <summary><c>return record</c>.</summary>
    public static void ReturnRecord(string ns, Action<string> log)
    {
        var services = ReturningServices.Record(Systemctl.Open(), Name(ns).ToString());
        if (services.Count > 0)
        {
            log($"the tunnel goes down; these come back with it: {string.Join(", ", services)}");
        }
    }

    /// <summary><c>return start</c>.</summary>
    public static void ReturnStart(string ns, Action<string> log)
    {
        var services = ReturningServices.Start(Systemctl.Open(), Name(ns).ToString());
        if (services.Count > 0)
        {
            log($"the tunnel is back; starting {string.Join(", ", services)}");
        }
    }

    /// <summary><c>return forget</c>.</summary>
    public static void ReturnForget(string ns, Action<string> log)
    {
        ReturningServices.Forget(Name(ns).ToString());
        log("the services of this namespace are up");
    }

    private static NamespaceName Name(string ns) =>
        NamespaceName.TryParse(ns, out var name) ? name : throw new SystemFailure($"'{ns}' is no name of a namespace", "name an applied namespace; 'vpn-confinement status' lists them");
}
