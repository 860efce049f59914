namespace VpnConfinement.Model;

/// <summary>Paths as texts: without a slash at the end, dots and doubled slashes.</summary>
public static class HostPath
{
    /// <summary>Where programs share memory (shm_overview(7)).</summary>
    public const string SharedMemory = "/dev/shm";

    // systemd.exec(5), ProtectHome=.
    private static readonly string[] Homes = ["/home", "/root", "/run/user"];

    /// <summary>Whether <c>ProtectHome=</c> is about a path.</summary>
    public static bool IsInHomes(string path) => Array.Exists(Homes, h => IsIn(path, h));

    /// <summary>Whether a path is a folder or lies in it.</summary>
    public static bool IsIn(string path, string folder) => path == folder || IsBelow(path, folder);

    /// <summary>Whether a path lies in a folder; the root holds every other.</summary>
    public static bool IsBelow(string path, string folder) =>
        path != folder && (folder == "/" || path.StartsWith(folder + "/", StringComparison.Ordinal));
}
