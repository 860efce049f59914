using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Interop;

/// <summary>What is typed at a terminal, without the console's set-up of terminal and signals.</summary>
internal static unsafe class TerminalInput
{
    /// <summary>Waits until something can be read, or the terminal hung up.</summary>
    /// <param name="descriptor">The terminal.</param>
    /// <param name="milliseconds">How long at most.</param>
    internal static bool Wait(int descriptor, int milliseconds)
    {
        Span<PollDescriptor> wanted = [new() { Descriptor = descriptor, Events = POLLIN }];
        Kernel.Poll(wanted, milliseconds);
        return wanted[0].Happened != 0;
    }

    /// <summary>Reads what is there.</summary>
    /// <returns>The number of bytes; none or less where the terminal hung up.</returns>
    internal static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)Libc.read(descriptor, start, buffer.Length);
        }
    }

    /// <summary>Stops this process until it is continued, as the terminal's suspend key does.</summary>
    internal static void StopSelf() => _ = Libc.kill(Environment.ProcessId, SIGSTOP);
}
