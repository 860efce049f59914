using System.Runtime.InteropServices;

namespace VpnConfinement.Linux.Interop;

/// <summary>The mode of a terminal, changed so that keys come one by one and are not shown (termios(3)).</summary>
internal sealed unsafe class TerminalMode
{
    // struct termios of bits/termios-struct.h: c_iflag, c_oflag, c_cflag, c_lflag, c_line, c_cc[32], two speeds.
    private const int Size = 60;
    private const int LocalFlags = 12;
    private const int TCSADRAIN = 1;
    private const uint ICANON = 2;
    private const uint ECHO = 8;

    private readonly int _descriptor;
    private readonly byte[] _before;
    private readonly byte[] _changed;

    private TerminalMode(int descriptor, byte[] before, byte[] changed) =>
        (_descriptor, _before, _changed) = (descriptor, before, changed);

    /// <summary>Changes it.</summary>
    /// <returns>What brings it back; null where the descriptor is no terminal.</returns>
    internal static TerminalMode? ReadKeys(int descriptor)
    {
        var mode = new byte[Size];
        fixed (byte* start = mode)
        {
            if (Libc.tcgetattr(descriptor, start) < 0)
            {
                return null;
            }
        }

        var before = (byte[])mode.Clone();
        var flags = BitConverter.ToUInt32(mode, LocalFlags) & ~(ICANON | ECHO);
        BitConverter.TryWriteBytes(mode.AsSpan(LocalFlags), flags);
        return Set(descriptor, mode) ? new TerminalMode(descriptor, before, mode) : null;
    }

    /// <summary>Changes it once more, where another program has set its own meanwhile.</summary>
    internal void Again() => Set(_descriptor, _changed);

    /// <summary>Brings the mode back. A terminal that is gone has none.</summary>
    internal void Restore() => Set(_descriptor, _before);

    private static bool Set(int descriptor, byte[] mode)
    {
        fixed (byte* start = mode)
        {
            int result;
            do
            {
                result = Libc.tcsetattr(descriptor, TCSADRAIN, start);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return result == 0;
        }
    }
}
