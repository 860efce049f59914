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
    /// <summary><c>netns up</c>.</summary>
    public static void NetnsUp(string ns, Action<string> log) => Runtime.NetnsUp.Run(PlanStore.Load(ns), log);

    /// <summary><c>netns down</c>. Needs no plan: what a damaged or missing plan made has to go as well.</summary>
    public static void NetnsDown(string ns, Action<string> log)
    {
        Runtime.NetnsDown.Run(Name(ns).ToString(), HostLinkDerivation.HostTable(Name(ns)), log);
        FrozenServices.StopBoundTo(StateLayout.NetnsUnit(Name(ns).ToString()), log);
    }

    /// <summary><c>netns is-up</c>: whether it was brought up and not taken down since; its name may be gone.</summary>
    public static bool IsNetnsUp(string ns) => File.Exists(StateLayout.NetnsMarker(Name(ns).ToString()));

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
        if (HostRoute.Ensure(name, subnet))
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
