using VpnConfinement.Linux.Files;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>Which WireGuard serves a namespace, written down before it is started.</summary>
/// <param name="Interface">Name of the link in the namespace.</param>
/// <param name="UserspaceName">Name by which a userspace implementation was started and is reached; null for the kernel's.</param>
internal sealed record WireGuardRecord(string Interface, string? UserspaceName)
{
    /// <summary>Reads the one of a namespace; null where there is none, or one that is damaged.</summary>
    internal static WireGuardRecord? Load(string ns) => StateFile.Read(StateLayout.WireGuardRecord(ns))?.TrimEnd('\n').Split(' ') switch
    {
        ["kernel", var name] => new WireGuardRecord(name, null),
        ["userspace", var name, var userspace] => new WireGuardRecord(name, userspace),
        _ => null,
    };

    /// <summary>Writes it.</summary>
    internal void Save(string ns) => AtomicFile.Write(
        StateLayout.WireGuardRecord(ns), UserspaceName is null ? $"kernel {Interface}\n" : $"userspace {Interface} {UserspaceName}\n");
}
