using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>The units of our own for the netns, the WireGuard link and what brings services back, and what all our units have in common.</summary>
public static class GeneratedUnits
{
    /// <summary>The rest of the line that begins with <see cref="OwnHeader.Text"/>.</summary>
    internal const string HeaderNote = "; edit its configuration and run 'vpn-confinement apply' instead of this file.";

    private const string Documentation = "man:systemd.exec(5)";

    /// <summary>The template of the netns units. It may not have a private mount namespace: the netns it names must be seen by everyone.</summary>
    public static GeneratedFile NetnsTemplate(string binary)
    {
        var unit = Begin("Network namespace %i of confined services");
        unit.Add("RequiresMountsFor", StateLayout.StateFolder);
        unit.Add("StopWhenUnneeded", "yes");
        unit.Add("Wants", StateLayout.WatchUnit("%i"));
        unit.Section("Service");
        unit.Add("Type", "oneshot");
        unit.Add("RemainAfterExit", "yes");
        unit.Add("ExecStart", Command(binary, "netns up %i"));
        // ExecStopPost runs after a failed or killed start as well, ExecStop would not.
        unit.Add("ExecStopPost", Command(binary, "netns down %i"));
        unit.Add("TimeoutStartSec", "30s");
        LeastPrivilege(unit, "CAP_NET_ADMIN CAP_SYS_ADMIN");
        unit.Add("RestrictAddressFamilies", "AF_NETLINK AF_UNIX");
        return File(StateLayout.NetnsUnit(""), unit, null, null);
    }

    /// <summary>The unit of a WireGuard link.</summary>
    /// <param name="binary">Absolute path of this program.</param>
    /// <param name="ns">The namespace of the link.</param>
    /// <param name="birthplace">The namespace of ours whose tunnel carries this one, or null.</param>
    /// <param name="carried">The namespaces whose tunnels this one carries: what they took down with this one comes back with it.</param>
    public static GeneratedFile WireGuard(string binary, ConfinedNamespace ns, ConfinedNamespace? birthplace, IReadOnlyList<ConfinedNamespace> carried)
    {
        var name = ns.Name.ToString();
        var netns = StateLayout.NetnsUnit(name);
        var unit = Begin($"WireGuard tunnel {ns.WireGuard.Interface} of namespace {name}");
        var needs = string.Join(' ', Needs(ns, birthplace).Prepend(netns));
        unit.Add("Requires", needs);
        unit.Add("BindsTo", needs);
        unit.Add("After", needs);
        if (RefreshUnits.IsNeeded(ns))
        {
            unit.Add("Wants", StateLayout.RefreshTimer(ns.WireGuard.Interface.ToString()));
        }

        unit.Add("RequiresMountsFor", StateLayout.StateFolder);
        unit.Add("StopWhenUnneeded", "yes");
        unit.Section("Service");
        unit.Add("Type", "oneshot");
        unit.Add("RemainAfterExit", "yes");
        unit.Add("ExecStart", Command(binary, $"wireguard up {name}"));
        // Before this unit counts as started, so that the services' jobs already hold it when systemd asks whether it is needed.
        unit.Add("ExecStartPost", "-" + Command(binary, $"return start {name}"));
        foreach (var inner in carried)
        {
            unit.Add("ExecStartPost", "-" + Command(binary, $"return start {inner.Name}"));
        }

        unit.Add("ExecStopPost", Command(binary, $"wireguard down {name}"));
        if (ns.Services.Any(s => s.OnTunnelLoss is OnTunnelLoss.Blackhole))
        {
            // Nobody who runs on without the tunnel starts it again. Steps of a back-off (RestartSteps=) came with systemd 254 only.
            unit.Add("Restart", "on-failure");
            unit.Add("RestartSec", "10s");
        }

        unit.Add("TimeoutStartSec", "60s");
        LeastPrivilege(unit, "CAP_NET_ADMIN CAP_SYS_ADMIN CAP_DAC_READ_SEARCH");
        unit.Add("RestrictAddressFamilies", "AF_INET AF_INET6 AF_NETLINK AF_UNIX");
        PrivateMounts(unit, home: "read-only");
        if (ns.WireGuard.GeneratePrivateKey)
        {
            unit.Add("ReadWritePaths", "-" + UnitValue.Literal(ns.WireGuard.PrivateKey.Path[..Math.Max(1, ns.WireGuard.PrivateKey.Path.LastIndexOf('/'))]));
        }

        unit.Add("DevicePolicy", "closed");
        unit.Add("DeviceAllow", "/dev/net/tun rw");
        return File(StateLayout.WireGuardUnit(ns.WireGuard.Interface.ToString()), unit, name, null);
    }

    /// <summary>
    /// The unit that remembers who has to come back. It is ordered after the services, so a stop of the tunnel reaches it first, while they
    /// still run; stopping a service by itself does not reach it (docs/adr/0006).
    /// </summary>
    public static GeneratedFile Return(string binary, ConfinedNamespace ns)
    {
        var name = ns.Name.ToString();
        var wireGuard = StateLayout.WireGuardUnit(ns.WireGuard.Interface.ToString());
        var unit = Begin($"Services that come back with the tunnel of namespace {name}");
        unit.Add("BindsTo", wireGuard);
        unit.Add("After", wireGuard);
        unit.Add("StopWhenUnneeded", "yes");
        unit.Section("Service");
        unit.Add("Type", "oneshot");
        unit.Add("RemainAfterExit", "yes");
        // Ordered after the services: their starts are through when this runs.
        unit.Add("ExecStart", Command(binary, $"return forget {name}"));
        // Not ExecStop: that is left out where the tunnel goes down while this unit is still starting.
        unit.Add("ExecStopPost", Command(binary, $"return record {name}"));
        LeastPrivilege(unit, "");
        unit.Add("RestrictAddressFamilies", "AF_UNIX");
        return File(StateLayout.ReturnUnit(name), unit, name, null);
    }

    internal static UnitFileWriter Begin(string description)
    {
        var unit = new UnitFileWriter(OwnHeader.Text + HeaderNote);
        unit.Section("Unit");
        unit.Add("Description", description);
        unit.Add("Documentation", Documentation);
        // A tunnel that flaps may start as often as it has to; what restarts itself waits before each try.
        unit.Add("StartLimitIntervalSec", "0");
        return unit;
    }

    internal static GeneratedFile File(string unitName, UnitFileWriter unit, string? ns, string? concerns) =>
        new($"{StateLayout.UnitFolder}/{unitName}", unit.ToString(), ns, concerns);

    // A tunnel inside a tunnel has no path without the outer one.
    private static IEnumerable<string> Needs(ConfinedNamespace ns, ConfinedNamespace? birthplace)
    {
        if (birthplace is not null)
        {
            yield return StateLayout.NetnsUnit(birthplace.Name.ToString());
            yield return StateLayout.WireGuardUnit(birthplace.WireGuard.Interface.ToString());
        }

        if (ns.WireGuard.PinningMark is not null)
        {
            yield return StateLayout.PinUnit(ns.Name.ToString());
        }
    }

    internal static string Command(string binary, string arguments) => UnitValue.Quote(binary) + " " + arguments;

    internal static void LeastPrivilege(UnitFileWriter unit, string capabilities)
    {
        unit.Add("CapabilityBoundingSet", capabilities);
        unit.Add("NoNewPrivileges", "yes");
        unit.Add("LockPersonality", "yes");
        unit.Add("RestrictRealtime", "yes");
        unit.Add("RestrictSUIDSGID", "yes");
        unit.Add("SystemCallArchitectures", "native");
        unit.Add("UMask", "0022");
    }

    /// <summary>What takes a mount namespace of its own: not for the netns units, whose mounts everybody has to see.</summary>
    internal static void PrivateMounts(UnitFileWriter unit, string home)
    {
        unit.Add("ProtectSystem", "full");
        unit.Add("ProtectHome", home);
        unit.Add("PrivateTmp", "yes");
        unit.Add("ProtectKernelLogs", "yes");
        unit.Add("ProtectClock", "yes");
    }
}
