using VpnConfinement.Model;
using VpnConfinement.Settings;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC086 and VPC113: settings of a unit's own by which its service can change its network, reach the host's, or leave the namespace, and that are
/// weaker than ours. They are kept, and each is named; what is mere hardening is the unit's own affair and kept without a word (docs/units.md).
/// </summary>
internal static class IsolationRules
{
    // Of the profile that has them; RestrictNamespaces and ProtectProc are in strict only.
    private static readonly string[] OffKeys = ["NoNewPrivileges", "PrivateDevices", "ProtectControlGroups", "ProtectKernelTunables"];

    private static readonly string[] OrdinaryDevices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx", "char-pts"];

    private static readonly string[] StreamKeys = ["StandardInput", "StandardOutput", "StandardError"];

    private const string FromSocket = "fd:";

    private static readonly string[] FilePrefixes = ["file:", "append:", "truncate:"];

    private static readonly string[] WritableKeys = ["BindPaths", "ReadWritePaths", "ReadWriteDirectories"];
    private static readonly string[] KernelRoots = ["/proc", "/sys"];
    private static readonly string[] FullProc = ["default", "noaccess"];

    internal static void Check(ServiceUnit service, HostUnits host, HostFacts facts)
    {
        if (service.HighAssurance && service.Written.Hardening is { Value: HardeningProfile.Baseline } written)
        {
            service.Findings.Error("VPC086", service.Written.Path + ".hardeningProfile", written.Span, "In highAssurance the hardening is strict.", "Take the line out.");
        }

        foreach (var (setting, because, remedy) in Weak(service).Distinct())
        {
            service.Weak("VPC086", "VPC113", $"{service.Unit} has {Visible.Text(setting)}, {because}.", $"{remedy} with 'systemctl edit {service.Unit}'.");
        }

        SharedUser.Check(service, host, facts);
    }

    private static IEnumerable<(string Setting, string Because, string Remedy)> Weak(ServiceUnit service) =>
        Commands(service.Settings).Concat(Capabilities(service.Settings)).Concat(Families(service.Settings)).Concat(Devices(service.Settings)).Concat(KernelFolders(service.Settings))
            .Concat(Leftovers(service)).Concat(NewerSettings.Weak(service.Settings))
            .Concat(Switches(service.Settings)).Concat(service.Hardening == HardeningProfile.Strict ? StrictOnly(service.Settings) : []);

    private static IEnumerable<(string, string, string)> Commands(UnitSettings settings)
    {
        foreach (var key in UnitCommand.Keys.Where(k => UnitCommand.All(settings, k).Any(c => c.Prefixes.IsPrivileged)))
        {
            yield return ($"{key}=+{KnownSettings.SinceText("Service", key)}", "which runs with full privileges and can leave the namespace", "Take the '+' out");
        }

        if (settings.IsOn("Service", "PermissionsStartOnly"))
        {
            yield return ("PermissionsStartOnly=yes", "so all commands but ExecStart run with full privileges and can leave the namespace", "Set PermissionsStartOnly=no");
        }
    }

    private static IEnumerable<(string, string, string)> Capabilities(UnitSettings settings)
    {
        foreach (var key in new[] { "CapabilityBoundingSet", "AmbientCapabilities" })
        {
            if (settings.All("Service", key) is { Count: > 0 } values && CapabilityNames.Set(values).Where(CapabilityNames.IsEscape).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } escapes)
            {
                var shown = escapes.Count > 4 ? string.Join(' ', escapes.Take(4)) + " and more" : string.Join(' ', escapes);
                yield return ($"{key}={string.Join(' ', values)}", $"which leaves it {shown}, to change its network or to leave its namespace", "Name only the capabilities that it needs");
            }
        }
    }

    private static IEnumerable<(string, string, string)> Families(UnitSettings settings)
    {
        if (settings.All("Service", "RestrictAddressFamilies") is { Count: > 0 } values && AddressFamilies.LeftOpen(values).ToList() is { Count: > 0 } open)
        {
            yield return ($"RestrictAddressFamilies={string.Join(' ', values)}", $"which leaves it {string.Join(' ', open)}, families that no ruleset sees", "Name only the families that it needs");
        }
    }

    private static IEnumerable<(string, string, string)> Devices(UnitSettings settings)
    {
        foreach (var value in settings.All("Service", "DeviceAllow").Where(v => UnitWords.Split(v) is [var device, ..] && !OrdinaryDevices.Contains(device, StringComparer.Ordinal)))
        {
            yield return ($"DeviceAllow={value}", "which gives it a device of the host", "Take it out");
        }

        foreach (var bind in MountSettings.BindWords(settings))
        {
            if (HostPath.IsIn(MountWord.Parse(bind).Source, "/dev"))
            {
                yield return ($"BindPaths={bind}", "which gives it devices of the host", "Take it out");
            }
        }
    }

    // ProtectKernelTunables= and ProtectControlGroups= make them read-only at their own places; a path below, and a bind elsewhere, stays writable.
    private static IEnumerable<(string, string, string)> KernelFolders(UnitSettings settings)
    {
        foreach (var key in WritableKeys)
        {
            foreach (var word in settings.Words("Service", key))
            {
                var path = RunBindRules.Plain(MountWord.Parse(word).Source);
                if (KernelRoots.Any(r => HostPath.IsIn(path, r)))
                {
                    yield return ($"{key}={word}", "by which it can write settings of the kernel or control groups", "Take it out");
                }
            }
        }
    }

    // What outlives a stop, or comes from outside, was not made in the namespace.
    private static IEnumerable<(string, string, string)> Leftovers(ServiceUnit service)
    {
        var settings = service.Settings;
        if (settings.Last("Service", "KillMode") is ("process" or "none") and var mode)
        {
            yield return ($"KillMode={mode}", "so its children survive a stop", "Set KillMode=control-group");
        }

        if (settings.IsOff("Service", "SendSIGKILL"))
        {
            yield return ("SendSIGKILL=no", "so its children can survive a stop", "Set SendSIGKILL=yes");
        }

        if (settings.Last("Service", "FileDescriptorStoreMax") is not (null or "0") and var most)
        {
            yield return ($"FileDescriptorStoreMax={most}", "so sockets from before its confinement come back", "Set FileDescriptorStoreMax=0");
        }

        foreach (var file in settings.All("Service", "OpenFile"))
        {
            yield return ($"OpenFile={file}", "which hands it a file or socket that the host opened", "Take it out");
        }

        // A path that is a socket is connected to by systemd, as root and before the service has mounts of its own.
        foreach (var key in StreamKeys)
        {
            if (settings.Last("Service", key) is { } stream && (stream.StartsWith(FromSocket, StringComparison.Ordinal)
                || (FilePrefixes.FirstOrDefault(f => stream.StartsWith(f, StringComparison.Ordinal)) is { } prefix
                    && RunBindRules.LeadsToRun(stream[prefix.Length..], service.RealName))))
            {
                yield return ($"{key}={stream}", "which hands it a file or socket that the host opened", "Take it out");
            }
        }

        if (settings.Last("Service", "PAMName") is { } pam)
        {
            yield return ($"PAMName={pam}", "by which its processes move to a session outside the unit", "Take it out");
        }

        if (settings.Last("Service", "Delegate") is { } delegated && !settings.IsOff("Service", "Delegate"))
        {
            yield return ($"Delegate={delegated}", "which lets it write control groups", "Set Delegate=no");
        }
    }

    private static IEnumerable<(string, string, string)> Switches(UnitSettings settings)
    {
        foreach (var key in OffKeys.Where(k => settings.IsOff("Service", k)))
        {
            yield return ($"{key}={settings.Last("Service", key)}", "which is weaker than the isolation of a confined service", $"Set {key}=yes");
        }
    }

    private static IEnumerable<(string, string, string)> StrictOnly(UnitSettings settings)
    {
        if (settings.Last("Service", "RestrictNamespaces") is { } namespaces && !settings.IsOn("Service", "RestrictNamespaces"))
        {
            yield return ($"RestrictNamespaces={namespaces}", "by which it can make namespaces of its own", "Set RestrictNamespaces=yes");
        }

        if (settings.Last("Service", "ProtectProc") is { } proc && FullProc.Contains(proc, StringComparer.Ordinal))
        {
            yield return ($"ProtectProc={proc}", "by which it sees processes of the host", "Set ProtectProc=invisible");
        }
    }
}
