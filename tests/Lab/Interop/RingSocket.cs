using System.Runtime.InteropServices;
using VpnConfinement.Lab.Agents;

namespace VpnConfinement.Lab.Interop;

/// <summary>A socket that io_uring makes (IORING_OP_SOCKET), without socket(2); after linux/io_uring.h.</summary>
internal static unsafe class RingSocket
{
    private const int Setup = 425;
    private const int Enter = 426;
    private const byte IORING_OP_SOCKET = 45;
    private const int IORING_ENTER_GETEVENTS = 1;
    private const long IORING_OFF_SQES = 0x10000000;
    private const int EntryLength = 64;

    /// <summary>Opens one and closes it.</summary>
    public static void Open(int family, int type)
    {
        // struct io_uring_params of one entry: sq_off at 40 (its tail and array at 4 and 24), cq_off at 80 (its entries at 20).
        Span<uint> parameters = stackalloc uint[30];
        parameters.Clear();
        nint ring;
        fixed (uint* address = parameters)
        {
            ring = Check(Libc.SystemCall(Setup, 1, (nint)address, 0, 0, 0, 0), "io_uring_setup");
        }

        try
        {
            var length = (nuint)Math.Max(parameters[16] + (parameters[0] * 4), parameters[25] + (parameters[1] * 16));
            var queues = Map((int)ring, length, 0);
            var entry = Map((int)ring, EntryLength, IORING_OFF_SQES);
            entry[0] = IORING_OP_SOCKET;
            *(int*)(entry + 4) = family;
            *(long*)(entry + 8) = type;
            *(uint*)(queues + parameters[16]) = 0;
            Volatile.Write(ref *(uint*)(queues + parameters[11]), 1);
            Check(Libc.SystemCall(Enter, ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0), "io_uring_enter");
            var result = *(int*)(queues + parameters[25] + 8);
            if (result < 0)
            {
                throw new TryFailedException("socket by io_uring", -result);
            }

            _ = Libc.Close(result);
        }
        finally
        {
            _ = Libc.Close((int)ring);
        }
    }

    // It is small, and goes with the process; -1 is MAP_FAILED as well.
    private static byte* Map(int ring, nuint length, long at) =>
        (byte*)Check(Libc.Map(0, length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, ring, at), "map the ring");

    private static nint Check(nint result, string stage) =>
        result != -1 ? result : throw new TryFailedException(stage, Marshal.GetLastPInvokeError());
}
