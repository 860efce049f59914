namespace VpnConfinement.Drift;

/// <summary>A process of a unit.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Netns">Identity of the netns that it is really in; null where that cannot be read.</param>
/// <param name="Inode">Inode of that.</param>
public sealed record UnitProcess(int Pid, string? Netns, ulong? Inode);
