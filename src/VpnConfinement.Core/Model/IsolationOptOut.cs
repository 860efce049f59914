namespace VpnConfinement.Model;

/// <summary>
/// One entry of option <c>allow</c>: it gives back one thing that isolation takes from a service in both hardening profiles
/// (S-33, docs/adr/0015). Each is named (VPC113), and refused in highAssurance (VPC086).
/// </summary>
public enum IsolationOptOut
{
    /// <summary>System calls of other architectures, as those of 32-bit programs.</summary>
    ForeignArchitectures,

    /// <summary>io_uring, which makes sockets of any address family.</summary>
    IoUring,

    /// <summary>The kernel's keyrings; for some keys the kernel runs a program of the host.</summary>
    Keyring,

    /// <summary>The host's <c>/dev/shm</c>, where programs of the host may listen.</summary>
    SharedMemory,

    /// <summary>The sockets of container engines and their like outside <c>/run</c>.</summary>
    Engines,
}
