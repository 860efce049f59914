using VpnConfinement.Model;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// The hardening profiles (docs/units.md, docs/adr/0009): defaults, each left out where the service's own unit sets the same key.
/// <see cref="SystemCalls"/> are isolation, and kept against it.
/// </summary>
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
    ];

    internal static void Add(UnitFileWriter unit, IPv6Mode ipv6, ConfinedService service)
    {
        var strict = service.Hardening == HardeningProfile.Strict;
        foreach (var (key, value) in Baseline.Concat(strict ? StrictFiles : BaselineFiles).Concat(strict ? Strict : []))
        {
            AddDefault(unit, service, key, key == "ProtectHome" && ShowsHome(service) ? "tmpfs" : value);
        }

        foreach (var path in service.WritePaths)
        {
            unit.Add(ShowsHome(service) && HostPath.IsInHomes(path) ? "BindPaths" : "ReadWritePaths", "-" + UnitValue.Literal(path));
        }

        Capabilities(unit, service);
        Users(unit, service.UserMapping);
        AddDefault(unit, service, "RestrictAddressFamilies", string.Join(' ', AddressFamilies(ipv6, service)));
        if (strict && !service.OwnSettings.Contains("SystemCallFilter"))
        {
            unit.Add("SystemCallFilter", "@system-service");
            unit.Add("SystemCallFilter", "~@mount");
        }

        SystemCalls.Add(unit, service, strict);
        if (strict && !service.AllowJit)
        {
            AddDefault(unit, service, "MemoryDenyWriteExecute", "yes");
        }
    }

    // A bounding set of the unit's own is kept, an ambient one as well, and what the configuration names is added to both (systemd.exec(5): lists of
    // capabilities add up). Otherwise the bounding set is what the unit asks for as ambient, and what the configuration names.
    private static void Capabilities(UnitFileWriter unit, ConfinedService service)
    {
        var given = string.Join(' ', service.Capabilities);
        if (!service.OwnSettings.Contains("CapabilityBoundingSet"))
        {
            unit.Add("CapabilityBoundingSet", string.Join(' ', service.AmbientCapabilities.Union(service.Capabilities).Order(StringComparer.Ordinal)));
        }
        else if (given.Length > 0)
        {
            unit.Add("CapabilityBoundingSet", given);
        }

        // Root has what its bounding set holds; another user has only what is ambient.
        if (service.HasOwnUser && given.Length > 0)
        {
            unit.Add("AmbientCapabilities", given);
        }
        else if (!service.OwnSettings.Contains("CapabilityBoundingSet"))
        {
            AddDefault(unit, service, "AmbientCapabilities", "");
        }
    }

    // A process in a user namespace of its own reaches none of its user's other processes (S-37). The validator gives
    // one where the unit allows it.
    private static void Users(UnitFileWriter unit, UserMapping mapping)
    {
        switch (mapping)
        {
            case UserMapping.Host:
                break;
            case UserMapping.Self:
                unit.Add("PrivateUsers", "yes");
                break;
            case UserMapping.Identity:
                unit.Add("PrivateUsers", "identity");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(mapping));
        }
    }

    // What ProtectHome=yes hides cannot be shown again: below an empty folder, what is named can (systemd.exec(5)).
    private static bool ShowsHome(ConfinedService service) =>
        service.Hardening == HardeningProfile.Strict
        && !service.OwnSettings.Contains("ProtectHome")
        && service.WritePaths.Any(HostPath.IsInHomes);

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
