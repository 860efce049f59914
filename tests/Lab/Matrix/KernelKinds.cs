using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Interop;

namespace VpnConfinement.Lab.Matrix;

/// <summary>
/// System calls besides socket(2) by which a process gets a socket of a family that it may not have, and those about keys, for
/// which the kernel runs a program of the host. That a key is requested is tried in a virtual machine only (tests/vm/run).
/// </summary>
public static class KernelKinds
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<TrafficKind> All { get; } =
    [
        Ring("io-uring-vsock", Libc.AF_VSOCK, Libc.SOCK_STREAM) with { MayBeAbsent = true },
        Ring("io-uring-packet", Libc.AF_PACKET, Libc.SOCK_RAW),
        Foreign("int80-socket"),
        Foreign("int80-socketcall"),
        Foreign("x32-socket"),
        new("add-key", "S-33", Fate.Closed, new(AgentOperation.AddKey)) { Error = "EPERM" },
        new("keyctl", "S-33", Fate.Closed, new(AgentOperation.FindKeyring)) { Error = "EPERM" },
    ];

    // With this error programs do without io_uring.
    private static TrafficKind Ring(string id, int family, int type)
    {
        var request = new AgentRequest(AgentOperation.OpenByRing) { Family = family, Protocol = type };
        return new(id, "S-33", Fate.Closed, request) { Error = "EPERM" };
    }

    // A filter of architectures knows no error: it ends the process.
    private static TrafficKind Foreign(string name)
    {
        var request = new AgentRequest(AgentOperation.OpenByForeignCall) { Name = name, Family = Libc.AF_VSOCK };
        return new(name, "S-33", Fate.Closed, request) { Error = "SIGSYS", MayBeAbsent = true };
    }
}
