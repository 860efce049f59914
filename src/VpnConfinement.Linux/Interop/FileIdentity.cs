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
    private const uint S_IFIFO = 0x1000;
    private const uint S_IFCHR = 0x2000;
    private const uint S_IFDIR = 0x4000;
    private const uint S_IFBLK = 0x6000;
    private const uint S_IFREG = 0x8000;
    private const uint S_IFSOCK = 0xc000;
    private const uint S_IFLNK = 0xa000;
    private const uint S_ISVTX = 0x200;
    private const uint WritableByOthers = 0x12; // 0022

    /// <summary>Whether the other is the same file.</summary>
    internal bool IsSameAs(FileIdentity? other) => other is { } file && file.Device == Device && file.Inode == Inode;

    /// <summary>Whether it is a regular file.</summary>
    internal bool IsRegular => (Mode & S_IFMT) == S_IFREG;

    /// <summary>What it is, in words.</summary>
    internal string Kind => (Mode & S_IFMT) switch
    {
        S_IFIFO => "a named pipe (FIFO)",
        S_IFCHR => "a character device",
        S_IFDIR => "a folder",
        S_IFBLK => "a block device",
        S_IFREG => "a regular file",
        S_IFSOCK => "a socket",
        S_IFLNK => "a symbolic link",
        _ => "a file of an unknown kind",
    };

    /// <summary>Whether it is a folder.</summary>
    internal bool IsFolder => (Mode & S_IFMT) == S_IFDIR;

    /// <summary>Whether it is a unix socket.</summary>
    internal bool IsSocket => (Mode & S_IFMT) == S_IFSOCK;

    /// <summary>Whether it is a symbolic link.</summary>
    internal bool IsLink => (Mode & S_IFMT) == S_IFLNK;

    /// <summary>Whether its group or others may write it; of a link that says nothing.</summary>
    internal bool OthersCanWrite => (Mode & WritableByOthers) != 0;

    /// <summary>Whether, in a folder, others may take away nothing but what is theirs.</summary>
    internal bool IsSticky => (Mode & S_ISVTX) != 0;
}
