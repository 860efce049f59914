using VpnConfinement.Settings;
using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>
/// Settings and values that systemd 255 to 262 brought, and those that let processes outlive a stop, where they
/// weaken isolation (VPC086, VPC113). Each was tried under the drop-in of a confined service (docs/units.md).
/// </summary>
internal static class NewerSettings
{
    private static readonly string[] BpfKeys =
        ["BPFDelegateAttachments", "BPFDelegateCommands", "BPFDelegateMaps", "BPFDelegatePrograms"];

    private static readonly string[] Kill = ["SIGKILL", "KILL", "9"];

    internal static IEnumerable<(string Setting, string Because, string Remedy)> Weak(UnitSettings settings)
    {
        if (DelegatedNamespaces.WithMountsOnly(settings, "Service") is { } delegated)
        {
            yield return (
                $"DelegateNamespaces={delegated}{Since("DelegateNamespaces")}",
                "by which its mounts, the pinned ones too, are its own to undo with CAP_SYS_ADMIN",
                "Write DelegateNamespaces= with nothing after it");
        }

        if (settings.Last("Service", "ProtectControlGroups") is "private" and var groups)
        {
            yield return (
                $"ProtectControlGroups={groups} (systemd 257 and later)",
                "by which it can write control groups of its own", "Set ProtectControlGroups=yes");
        }

        foreach (var key in BpfKeys.Where(k => settings.Last("Service", k) is not null))
        {
            yield return (
                $"{key}={settings.Last("Service", key)}{Since(key)}",
                "by which it can load programs into the kernel", "Take it out");
        }

        if (settings.Last("Service", "UserNamespacePath") is { } users)
        {
            yield return (
                $"UserNamespacePath={users}{Since("UserNamespacePath")}",
                "a user namespace that it can share with processes outside", "Take it out");
        }

        if (settings.Last("Service", "LUOSession") is { } session)
        {
            yield return (
                $"LUOSession={session}{Since("LUOSession")}",
                "so descriptors from before its confinement come back", "Take it out");
        }

        if (settings.IsOn("Unit", "SurviveFinalKillSignal"))
        {
            yield return (
                $"SurviveFinalKillSignal=yes{KnownSettings.SinceText("Unit", "SurviveFinalKillSignal")}",
                "so its processes survive a soft reboot", "Set SurviveFinalKillSignal=no");
        }

        if (settings.Last("Service", "FinalKillSignal") is { } signal && !Kill.Contains(signal, StringComparer.Ordinal))
        {
            yield return (
                $"FinalKillSignal={signal}", "so its children can survive a stop", "Set FinalKillSignal=SIGKILL");
        }
    }

    private static string Since(string key) => KnownSettings.SinceText("Service", key);
}
