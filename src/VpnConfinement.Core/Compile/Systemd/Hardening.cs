using VpnConfinement.Model;

namespace VpnConfinement.Compile.Systemd;

/// <summary>The hardening profiles of section 4 of the reference: defaults, each left out where the service's own unit sets the same key.</summary>
internal static class Hardening
{
    private static readonly (string Key, string Value)[] Baseline =
    [
        ("NoNewPrivileges", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("ProtectKernelTunables", "yes"),
        ("ProtectControlGroups", "yes"),
        ("RestrictSUIDSGID", "yes"),
        ("LockPersonality", "yes"),
        ("UMask", "0027"),
    ];

    private static readonly (string Key, string Value)[] BaselineFiles = [("ProtectSystem", "full"), ("ProtectHome", "read-only")];

    private static readonly (string Key, string Value)[] StrictFiles = [("ProtectSystem", "strict"), ("ProtectHome", "yes")];

    private static readonly (string Key, string Value)[] Strict =
    [
        ("ProtectKernelModules", "yes"),
        ("ProtectKernelLogs", "yes"),
        ("ProtectProc", "invisible"),
        ("RestrictNamespaces", "yes"),
        ("ProtectClock", "yes"),
        ("ProtectHostname", "yes"),
        ("RestrictRealtime", "yes"),
        ("SystemCallArchitectures", "native"),
    ];

    internal static void Add(UnitFileWriter unit, IPv6Mode ipv6, ConfinedService service)
    {
        var strict = service.Hardening == HardeningProfile.Strict;
        foreach (var (key, value) in Baseline.Concat(strict ? StrictFiles : BaselineFiles).Concat(strict ? Strict : []))
        {
            AddDefault(unit, service, key, value);
        }

        AddDefault(unit, service, "CapabilityBoundingSet", string.Join(' ', service.AmbientCapabilities));

        // An empty ambient set beside a bounding set of the unit's own would take capabilities that the unit asks for.
        if (!service.OwnSettings.Contains("CapabilityBoundingSet"))
        {
            AddDefault(unit, service, "AmbientCapabilities", "");
        }

        AddDefault(unit, service, "RestrictAddressFamilies", string.Join(' ', AddressFamilies(ipv6, service)));
        if (!strict)
        {
            return;
        }

        if (!service.OwnSettings.Contains("SystemCallFilter"))
        {
            unit.Add("SystemCallFilter", "@system-service");
            unit.Add("SystemCallFilter", "~@mount");
            AddDefault(unit, service, "SystemCallErrorNumber", "EPERM");
        }

        if (!service.AllowJit)
        {
            AddDefault(unit, service, "MemoryDenyWriteExecute", "yes");
        }
    }

    // AF_NETLINK is what getifaddrs(3) and glibc's address sorting use.
    private static IEnumerable<string> AddressFamilies(IPv6Mode ipv6, ConfinedService service)
    {
        var families = new List<string> { "AF_UNIX", "AF_INET", "AF_NETLINK" };
        if (ipv6 == IPv6Mode.Tunnel)
        {
            families.Add("AF_INET6");
        }

        return families.Concat(service.ExtraAddressFamilies).Distinct();
    }

    private static void AddDefault(UnitFileWriter unit, ConfinedService service, string key, string value)
    {
        if (!service.OwnSettings.Contains(key))
        {
            unit.Add(key, value);
        }
    }
}
