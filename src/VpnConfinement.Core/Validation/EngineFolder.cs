namespace VpnConfinement.Validation;

/// <summary>
/// A folder outside /run in which a privileged daemon of the host keeps sockets, or data with sockets in it.
/// </summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Daemon">Whose it is, as the subject of a sentence.</param>
/// <param name="Units">
/// Units of the daemon. Where one is installed, its folder is hidden even before it is there.
/// </param>
internal sealed record EngineFolder(string Path, string Daemon, params string[] Units)
{
    /// <summary>
    /// The known ones. Folders of mere data name no units, since systemd would make them for all to list. Podman has no
    /// daemon, and a unit that runs it needs its store: /var/lib/containers is none.
    /// </summary>
    internal static IReadOnlyList<EngineFolder> Known { get; } =
    [
        new("/nix/var/nix/daemon-socket", "nix-daemon", "nix-daemon.service", "nix-daemon.socket"),
        new("/var/guix/daemon-socket", "guix-daemon", "guix-daemon.service", "guix-daemon.socket"),
        new("/var/lib/containerd", "containerd"),
        new("/var/lib/docker", "Docker"),
        new("/var/lib/incus", "Incus", "incus.service", "incus.socket"),
        new("/var/lib/kubelet", "the kubelet"),
        new("/var/lib/libvirt/qemu", "libvirt"),
        new("/var/lib/lxd", "LXD", "lxd.service", "lxd.socket"),
        new("/var/lib/rancher", "k3s or RKE2"),
        new("/var/snap/docker", "Docker"),
        new("/var/snap/lxd", "LXD", "snap.lxd.daemon.service", "snap.lxd.daemon.unix.socket"),
        new("/var/snap/microk8s", "MicroK8s"),
        new("/var/snap/multipass", "Multipass", "snap.multipass.multipassd.service"),
    ];
}
