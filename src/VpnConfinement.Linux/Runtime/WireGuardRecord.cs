using VpnConfinement.Linux.Files;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>Which WireGuard serves a namespace, written down before it is started.</summary>
/// <param name="Place">The netns in which it was started, as <see cref="Namespaces.BirthplaceNetns.Place"/> has it.</param>
/// <param name="Interface">Name of the link in the namespace.</param>
/// <param name="UserspaceName">Name by which a userspace implementation was started and is reached; null for the kernel's.</param>
internal sealed record WireGuardRecord(string Place, string Interface, string? UserspaceName)
{
    /// <summary>Reads the one of a namespace; null where there is none, or one that is damaged.</summary>
    internal static WireGuardRecord? Load(string ns) => StateFile.Read(StateLayout.WireGuardRecord(ns))?.TrimEnd('\n').Split(' ') switch
    {
        ["kernel", var place, var name] => new WireGuardRecord(place, name, null),
        ["userspace", var place, var name, var userspace] => new WireGuardRecord(place, name, userspace),
        _ => null,
    };

    /// <summary>Writes it.</summary>
    internal void Save(string ns) => AtomicFile.Write(
        StateLayout.WireGuardRecord(ns), UserspaceName is null ? $"kernel {Place} {Interface}\n" : $"userspace {Place} {Interface} {UserspaceName}\n");
}
