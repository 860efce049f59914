using System.Globalization;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// The timer and the service that look up the names of endpoints again. They are parts of the tunnel's unit and not bound to it: what is bound
/// to a unit keeps it needed, and this timer, which the tunnel wants, would keep the tunnel up for ever.
/// </summary>
public static class RefreshUnits
{
    /// <summary>Seconds from the start of the tunnel to the first look-up again, and between tries while a name has no address at all.</summary>
    private const string First = "10s";

    /// <summary>Whether an endpoint of this namespace is a name.</summary>
    public static bool IsNeeded(ConfinedNamespace ns) => Intervals(ns).Any();

    /// <summary>Both units, or nothing where no endpoint is a name.</summary>
    public static IReadOnlyList<GeneratedFile> Compile(string binary, ConfinedNamespace ns) => IsNeeded(ns) ? [Timer(ns), Service(binary, ns)] : [];

    private static GeneratedFile Timer(ConfinedNamespace ns)
    {
        var name = ns.Name.ToString();
        var wireGuard = ns.WireGuard.Interface.ToString();
        var unit = GeneratedUnits.Begin($"Time to look up the endpoints of namespace {name} again");
        unit.Add("PartOf", StateLayout.WireGuardUnit(wireGuard));
        unit.Add("After", StateLayout.WireGuardUnit(wireGuard));
        unit.Section("Timer");
        unit.Add("OnActiveSec", First);
        unit.Add("OnUnitActiveSec", Intervals(ns).Min().ToString(CultureInfo.InvariantCulture) + "s");
        unit.Add("AccuracySec", "1s");
        unit.Add("Unit", StateLayout.RefreshUnit(wireGuard));
        return GeneratedUnits.File(StateLayout.RefreshTimer(wireGuard), unit, name, null);
    }

    private static GeneratedFile Service(string binary, ConfinedNamespace ns)
    {
        var name = ns.Name.ToString();
        var wireGuard = ns.WireGuard.Interface.ToString();
        var unit = GeneratedUnits.Begin($"Addresses of the endpoints of namespace {name}");
        unit.Add("PartOf", StateLayout.WireGuardUnit(wireGuard));
        unit.Add("After", StateLayout.WireGuardUnit(wireGuard));
        // No tunnel, nothing to refresh: the timer of one that failed to start goes on.
        unit.Add("ConditionPathExists", StateLayout.WireGuardRecord(name));
        unit.Section("Service");
        unit.Add("Type", "oneshot");
        unit.Add("ExecStart", GeneratedUnits.Command(binary, $"wireguard refresh {name}"));
        // It fails while a name has no address at all. The timer may be hours away, and nothing gets through until then.
        unit.Add("Restart", "on-failure");
        unit.Add("RestartSec", First);
        unit.Add("TimeoutStartSec", "30s");
        GeneratedUnits.LeastPrivilege(unit, "CAP_NET_ADMIN CAP_SYS_ADMIN CAP_DAC_READ_SEARCH");
        unit.Add("RestrictAddressFamilies", "AF_INET AF_INET6 AF_NETLINK AF_UNIX");
        GeneratedUnits.PrivateMounts(unit, home: "read-only");
        return GeneratedUnits.File(StateLayout.RefreshUnit(wireGuard), unit, name, null);
    }

    private static IEnumerable<int> Intervals(ConfinedNamespace ns) => ns.WireGuard.Peers.Select(p => p.Endpoint).OfType<PeerEndpoint.Hostname>().Select(e => e.RefreshSeconds);
}
