using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Files;

/// <summary>
/// The standard streams that the caller closed (<c>&gt;&amp;-</c>). The kernel gives the lowest free number to what is
/// opened next: a message would be written into a lock, a file that is being written, or a socket of netlink.
/// </summary>
public static class StandardStreams
{
    private const int Last = 2;

    /// <summary>Puts /dev/null in the place of each that is closed. To be called before anything else is opened.</summary>
    /// <remarks>
    /// It is closed again where a program is executed: <c>exec</c> refuses to hand on what its caller closed.
    /// </remarks>
    /// <exception cref="SystemFailure">/dev/null cannot be opened.</exception>
    public static void Fill()
    {
        // Nothing before it may throw: the runtime itself opens a file then (/dev/urandom), and keeps it.
        while (true)
        {
            var handle = Kernel.Open("/dev/null", LibcConstants.O_RDWR);
            if (handle.DangerousGetHandle() > Last)
            {
                handle.Dispose();
                return;
            }

            // It stays open to the end of the program.
            handle.SetHandleAsInvalid();
        }
    }
}
