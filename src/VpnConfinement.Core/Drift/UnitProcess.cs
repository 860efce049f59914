using System.Globalization;

namespace VpnConfinement.Drift;

/// <summary>A process of a unit, or one thread of it.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Netns">Identity of the netns that it is really in; null where that cannot be read.</param>
/// <param name="Inode">Inode of that.</param>
public sealed record UnitProcess(int Pid, string? Netns, ulong? Inode)
{
    /// <summary>The thread; null for the process as a whole.</summary>
    public int? Thread { get; init; }

    /// <summary>It in words.</summary>
    internal string Title => Thread is { } thread && thread != Pid
        ? string.Create(CultureInfo.InvariantCulture, $"thread {thread} of process {Pid}")
        : string.Create(CultureInfo.InvariantCulture, $"process {Pid}");
}
