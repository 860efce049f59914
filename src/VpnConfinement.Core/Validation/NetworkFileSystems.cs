namespace VpnConfinement.Validation;

/// <summary>Which file systems are served over a network: the host sends their traffic (mount(8), fstab(5)).</summary>
internal static class NetworkFileSystems
{
    private static readonly string[] Types =
    [
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "curlftpfs", "davfs", "davfs2", "gcsfuse", "gfs", "gfs2",
        "gluster", "glusterfs", "goofys", "gpfs", "httpfs", "juicefs", "lustre", "moosefs", "ncp", "ncpfs", "nfs", "nfs3",
        "nfs4", "ocfs2", "orangefs", "pvfs2", "rclone", "s3fs", "smb3", "smbfs", "sshfs",
    ];

    private static readonly string[] LocalSources = ["/dev/", "UUID=", "LABEL=", "PARTUUID=", "PARTLABEL=", "ID="];

    // Mounted on demand by units that systemd itself brings.
    private static readonly string[] KernelTypes =
        ["binfmt_misc", "configfs", "debugfs", "efivarfs", "hugetlbfs", "mqueue", "tmpfs", "tracefs"];

    /// <summary>Whether files on it are served over a network.</summary>
    /// <param name="type">Its type, as <c>nfs4</c> or <c>fuse.sshfs</c>; null where none is given.</param>
    /// <param name="source">What is mounted.</param>
    /// <param name="options">Its options; <c>_netdev</c> says that a device is reached over a network.</param>
    internal static bool Is(string? type, string source, string options) =>
        (type is not null && Types.Contains(Plain(type), StringComparer.Ordinal))
        || options.Split(',').Contains("_netdev", StringComparer.Ordinal)
        || source.StartsWith("//", StringComparison.Ordinal)
        || source.StartsWith("sshfs#", StringComparison.Ordinal);

    /// <summary>Whether files on it surely are on this host: a device, or the kernel's own.</summary>
    internal static bool IsLocal(string? type, string source, string options) =>
        !Is(type, source, options)
        && ((type is not null && KernelTypes.Contains(type, StringComparer.Ordinal))
            || Array.Exists(LocalSources, s => source.StartsWith(s, StringComparison.Ordinal)));

    private static string Plain(string type) =>
        type.StartsWith("fuse.", StringComparison.Ordinal) ? type["fuse.".Length..] : type;
}
