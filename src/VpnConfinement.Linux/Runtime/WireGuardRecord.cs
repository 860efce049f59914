using System.Globalization;
using VpnConfinement.Linux.Files;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>Which WireGuard serves a namespace, written down before it is started.</summary>
/// <param name="Place">The netns in which it was started, as <see cref="Namespaces.BirthplaceNetns.Place"/> has it.</param>
/// <param name="Interface">Name of the link in the namespace.</param>
/// <param name="UserspaceName">Name by which a userspace implementation was started and is reached; null for the kernel's.</param>
internal sealed record WireGuardRecord(string Place, string Interface, string? UserspaceName)
{
    private const string MtuKey = "mtu=";

    /// <summary>MTU in bytes that the link was given by the routes to its endpoints; null where its plan has one.</summary>
    internal int? Mtu { get; init; }

    /// <summary>Reads the one of a namespace; null where there is none, or one that is damaged.</summary>
    internal static WireGuardRecord? Load(string ns) =>
        Parse(StateFile.Read(StateLayout.WireGuardRecord(ns))?.TrimEnd('\n').Split(' ') ?? []);

    /// <summary>Writes it.</summary>
    internal void Save(string ns)
    {
        var name = UserspaceName is null
            ? $"kernel {Place} {Interface}"
            : $"userspace {Place} {Interface} {UserspaceName}";
        var mtu = Mtu is { } bytes ? string.Create(CultureInfo.InvariantCulture, $" {MtuKey}{bytes}") : "";
        AtomicFile.Write(StateLayout.WireGuardRecord(ns), $"{name}{mtu}\n");
    }

    private static WireGuardRecord? Parse(string[] words) => words switch
    {
        ["kernel", var place, var name] => new WireGuardRecord(place, name, null),
        ["userspace", var place, var name, var userspace] => new WireGuardRecord(place, name, userspace),
        [.. var rest, var last] when ToMtu(last) is { } mtu && Parse(rest) is { Mtu: null } record =>
            record with { Mtu = mtu },
        _ => null,
    };

    private static int? ToMtu(string word) => word.StartsWith(MtuKey, StringComparison.Ordinal)
        && int.TryParse(word.AsSpan(MtuKey.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var mtu)
            ? mtu
            : null;
}
