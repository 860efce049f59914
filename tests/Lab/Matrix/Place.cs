namespace VpnConfinement.Lab.Matrix;

/// <summary>Names and addresses of the machine that the leak matrix runs on, chosen in its configuration.</summary>
public static class Place
{
    public const string Tunnel = "wg0";
    public const string HostLink = "vn-media";
    public const string HostEnd = "vh-media";
    public const string HostAddress = "169.254.77.5";
    public const string NamespaceAddress = "169.254.77.6";
    public const uint TunnelMark = 0xcafe;
    public const int NamespacePort = 9091;

    /// <summary>Another confined namespace of the machine.</summary>
    public const string Neighbour = "other";
    public const string NeighbourHostAddress = "169.254.77.9";
    public const string NeighbourAddress = "169.254.77.10";
    public const string NeighbourTunnelAddress = "10.65.0.2";
    public const int NeighbourPort = 9093;

    /// <summary>A TCP port on which an unconfined process listens, on every address of the machine.</summary>
    public const int OpenPort = 8091;

    /// <summary>A Unix socket of the host without a file; such names belong to a network namespace.</summary>
    public const string AbstractSocket = "@vpnc-lab";

    /// <summary>Where Incus and the daemon of Nix listen, for whoever comes.</summary>
    public const string EngineSocket = "/var/lib/incus/unix.socket";
    public const string BuildSocket = "/nix/var/nix/daemon-socket/socket";

    /// <summary>A socket among the memory that programs share.</summary>
    public const string SharedMemorySocket = "/dev/shm/engine.sock";
}
