namespace VpnConfinement.Linux.Status;

/// <summary>The netns of one process.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="NetnsInode">Inode of its netns, or null when it could not be read.</param>
public sealed record ProcessPlace(int Pid, ulong? NetnsInode);
