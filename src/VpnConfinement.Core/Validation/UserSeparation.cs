using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>
/// How a service is kept from its user's processes outside the namespace (S-37, docs/adr/0017): by a user namespace of
/// its own, where its unit allows one. The kernel asks for the same user namespace before it shows root, descriptors
/// or memory of a process (ptrace(2), "Ptrace access mode checking").
/// </summary>
internal static class UserSeparation
{
    // The first systemd that has each value of PrivateUsers=, and PrivatePIDs=.
    private const int Identity = 257;
    private const int Full = 258;
    private const int PrivatePids = 257;

    // What PrivateUsers=identity maps.
    private const uint Mapped = 65536;

    // What a unit says of its user namespace itself; the second one is another process's.
    private static readonly string[] Keys = ["PrivateUsers", "UserNamespacePath"];

    /// <summary>What the drop-in gives the service.</summary>
    internal static UserMapping Of(ServiceUnit service, HostUnits host, HostFacts facts)
    {
        if (SharedUser.Of(service.RealName, service.Settings, facts.Users) is not { } user
            || Obstacle(service, facts) is not null)
        {
            return UserMapping.Host;
        }

        if (facts.Systemd is { Version: >= Identity } && (facts.Users.Number(user) ?? Dynamic(service)) < Mapped)
        {
            return UserMapping.Identity;
        }

        // "Self" hides the owners of others' files. It is given where it closes what is known to be open, and where
        // hardening is asked for.
        return service.Hardening == HardeningProfile.Strict || SharedUser.Others(service, host, facts).Count > 0
            ? UserMapping.Self
            : UserMapping.Host;
    }

    /// <summary>
    /// Whether the service reaches none of its user's processes outside, by what the drop-in gives it or by its unit's
    /// own settings.
    /// </summary>
    internal static bool IsClosed(ServiceUnit service, HostUnits host, HostFacts facts) =>
        Of(service, host, facts) != UserMapping.Host || IsClosedByItself(service.Settings, facts.Systemd?.Version ?? 0);

    /// <summary>
    /// Why the service can have no user namespace from us, as the end of a sentence about it; null where it can.
    /// </summary>
    internal static string? Obstacle(ServiceUnit service, HostFacts facts)
    {
        var settings = service.Settings;
        if (Keys.FirstOrDefault(k => settings.Last("Service", k) is not null) is { } key)
        {
            return $"sets {key}={settings.Last("Service", key)}";
        }

        if (HasCapabilities(service))
        {
            return "has capabilities, which PrivateUsers= would take";
        }

        if (settings.IsOff("Service", "NoNewPrivileges"))
        {
            return "sets NoNewPrivileges=no, which PrivateUsers= would undo";
        }

        var commands = UnitCommand.Keys.SelectMany(k => UnitCommand.All(settings, k));
        if (commands.Any(c => c.Prefixes.RunsAsRoot))
        {
            return "runs a command as root, which PrivateUsers= would contain";
        }

        if (HidesProc(settings))
        {
            return "hides /proc, which PrivateUsers= needs";
        }

        return facts.HasUserNamespaces == false ? "is on a host without user namespaces" : null;
    }

    private static bool HasCapabilities(ServiceUnit service) =>
        service.Written.Capabilities.Count > 0
        || (service.Settings.All("Service", "AmbientCapabilities") is { Count: > 0 } ambient
            && CapabilityNames.Set(ambient).Count > 0);

    // systemd writes the maps of the namespace by the service's own /proc (217/USER, seen on 252, 257 and 262).
    private static bool HidesProc(UnitSettings settings) =>
        MountSettings.Hiding.SelectMany(k => settings.Words("Service", k))
            .Any(w => RunBindRules.Plain(MountWord.Parse(w).Source) == "/proc");

    private static bool IsClosedByItself(UnitSettings settings, int version) =>
        (settings.IsOn("Service", "PrivatePIDs") && version >= PrivatePids)
        || settings.Last("Service", "PrivateUsers") switch
        {
            "self" or "identity" => version >= Identity,
            "full" => version >= Full,
            _ => settings.IsOn("Service", "PrivateUsers"),
        };

    // systemd takes dynamic users from a range below the bound of what is mapped.
    private static uint? Dynamic(ServiceUnit service) => service.Settings.IsOn("Service", "DynamicUser") ? 0 : null;
}
