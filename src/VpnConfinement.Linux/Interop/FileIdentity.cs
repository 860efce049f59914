namespace VpnConfinement.Linux.Interop;

/// <summary>What a file is, from statx(2).</summary>
/// <param name="Device">Device number, as stat's st_dev packs it (gnu_dev_makedev).</param>
/// <param name="Inode">Inode number.</param>
/// <param name="Mode">Type and permission bits, as stat's st_mode.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Size">Size in bytes.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, uint Mode, uint Uid, ulong Size)
{
    private const uint S_IFMT = 0xf000;
    private const uint S_IFREG = 0x8000;

    /// <summary>Whether it is a regular file.</summary>
    internal bool IsRegular => (Mode & S_IFMT) == S_IFREG;
}
