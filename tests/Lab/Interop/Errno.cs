namespace VpnConfinement.Lab.Interop;

/// <summary>Names of the errno values that a network call may end with.</summary>
internal static class Errno
{
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int EINPROGRESS = 115;
    public const int ETIMEDOUT = 110;

    public static string Name(int value) => value switch
    {
        0 => "",
        1 => "EPERM",
        2 => "ENOENT",
        EINTR => "EINTR",
        9 => "EBADF",
        EAGAIN => "EAGAIN",
        13 => "EACCES",
        19 => "ENODEV",
        22 => "EINVAL",
        32 => "EPIPE",
        38 => "ENOSYS",
        71 => "EPROTO",
        92 => "ENOPROTOOPT",
        93 => "EPROTONOSUPPORT",
        94 => "ESOCKTNOSUPPORT",
        95 => "EOPNOTSUPP",
        97 => "EAFNOSUPPORT",
        98 => "EADDRINUSE",
        99 => "EADDRNOTAVAIL",
        100 => "ENETDOWN",
        101 => "ENETUNREACH",
        104 => "ECONNRESET",
        ETIMEDOUT => "ETIMEDOUT",
        111 => "ECONNREFUSED",
        113 => "EHOSTUNREACH",
        EINPROGRESS => "EINPROGRESS",
        _ => $"errno {value}",
    };
}
