using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC124: a daemon that starts as root, and may change its user itself, without the capabilities for that. Its unit
/// says nothing of it; without one of these lines it ends at its start.
/// </summary>
internal static class PrivilegeRules
{
    /// <summary>What starting and becoming another user needs (capabilities(7)).</summary>
    internal static IReadOnlyList<string> ToDrop { get; } =
    [
        "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_NET_BIND_SERVICE",
        "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID",
    ];

    internal static void Check(ServiceUnit service, HostUsers users)
    {
        if (ServiceUnitRules.HasOwnUser(service, users)
            || service.Settings.Mentions("Service", "CapabilityBoundingSet")
            || service.Written.Capabilities.Count > 0
            || service.Settings.Last("Service", "Type") == "oneshot")
        {
            return;
        }

        var list = string.Join(", ", ToDrop.Select(c => $"\"{c}\""));
        service.Notice(
            "VPC124",
            $"{service.Unit} starts as root without capabilities: it can become no other user, open no file of one, "
            + "and listen on no port below 1024.",
            $"If it does one of these, write capabilities = [{list}] under [{service.Written.InToml}]; "
            + "it can then act as any user of the host.");
    }
}
