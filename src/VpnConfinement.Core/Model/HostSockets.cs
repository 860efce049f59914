namespace VpnConfinement.Model;

/// <summary>Where below /run the host's resolvers, buses, container engines and ourselves have their sockets.</summary>
public static class HostSockets
{
    /// <summary>Folders and sockets: neither brought back into a service, nor listened on.</summary>
    internal static readonly string[] Kept =
    [
        "/run/avahi-daemon", "/run/buildkit", "/run/containerd", "/run/cri-dockerd.sock", "/run/crio", "/run/dbus", "/run/docker.sock", "/run/docker",
        "/run/incus", "/run/libpod", "/run/libvirt", "/run/lxd", "/run/netns", "/run/nscd", "/run/podman", "/run/snapd.socket", "/run/systemd", "/run/user",
        OwnFolder.Run, "/run/wireguard",
    ];

    /// <summary>
    /// What a service under strict DNS may not see. systemd keeps folders of its own in any /run, so of those what gives the host's away: its
    /// own socket and resolver, and the folder that says that it is running.
    /// </summary>
    /// <param name="allowHostResolverIpc">Whether nscd and the system bus are let in.</param>
    public static IEnumerable<string> Hidden(bool allowHostResolverIpc) =>
        Kept.Where(k => k is not ("/run/systemd" or OwnFolder.Run) && !(allowHostResolverIpc && (k is "/run/dbus" or "/run/nscd")))
            .Concat(["/run/systemd/private", "/run/systemd/resolve", "/run/systemd/system", "/run/systemd/userdb"]);

    /// <summary>What of these a path below /run is or lies in; null where it is none of them.</summary>
    internal static string? KeptAway(string path) => Array.Find(Kept, k => HostPath.IsIn(path, k));
}
