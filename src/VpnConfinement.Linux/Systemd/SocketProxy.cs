namespace VpnConfinement.Linux.Systemd;

/// <summary>Where a host has systemd-socket-proxyd(8).</summary>
public static class SocketProxy
{
    // The second one on systems whose /lib is a folder of its own.
    private static readonly string[] Places = ["/usr/lib/systemd/systemd-socket-proxyd", "/lib/systemd/systemd-socket-proxyd"];

    /// <summary>Its absolute path on the system below a root folder, or null where it is not installed.</summary>
    public static string? In(string root) => Array.Find(Places, p => File.Exists(root.TrimEnd('/') + p));
}
