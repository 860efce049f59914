using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using VpnConfinement.Lab.Agents;

namespace VpnConfinement.Lab.Interop;

/// <summary>
/// A program of a few instructions that opens a socket by another system-call table than that of 64-bit programs.
/// A filter ends the process that calls, so it is none of the agent's. Its exit status is the call's errno.
/// </summary>
internal static class ForeignProgram
{
    private const int Base = 0x400000;
    private const int HeaderLength = 120;
    private const int SignalStatus = 128;
    private const int SIGSYS = 31;

    /// <summary>Runs the program of a name.</summary>
    public static void Run(string name, int family)
    {
        var file = (int)Check(Libc.MemoryFile("lab-foreign\0"u8, 0), "memfd_create");
        try
        {
            var program = Elf(Code(name, family));
            Check(Libc.Write(file, program, (nuint)program.Length), "write the program");
            using var process = Process.Start($"/proc/{Environment.ProcessId}/fd/{file}");
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                var isKilled = process.ExitCode == SignalStatus + SIGSYS;
                throw new TryFailedException(name, isKilled ? "SIGSYS" : Errno.Name(process.ExitCode));
            }
        }
        finally
        {
            _ = Libc.Close(file);
        }
    }

    private static byte[] Code(string name, int family) => name switch
    {
        // mov eax, socket of the i386 table; mov ebx, family; mov ecx, SOCK_STREAM; xor edx, edx; int 0x80
        "int80-socket" =>
            [0xb8, .. Number(359), 0xbb, .. Number(family), 0xb9, .. Number(1), 0x31, 0xd2, 0xcd, 0x80, .. Exit],
        // mov eax, socketcall; mov ebx, SYS_SOCKET; mov ecx, its three arguments behind the code; int 0x80
        "int80-socketcall" =>
        [
            0xb8, .. Number(102), 0xbb, .. Number(1), 0xb9, .. Number(Base + HeaderLength + 17 + Exit.Length), 0xcd, 0x80, .. Exit,
            .. Number(family), .. Number(1), .. Number(0),
        ],
        // mov eax, socket with the bit of x32; mov edi, family; mov esi, SOCK_STREAM; xor edx, edx; syscall
        "x32-socket" =>
            [0xb8, .. Number(0x40000000 + 41), 0xbf, .. Number(family), 0xbe, .. Number(1), 0x31, 0xd2, 0x0f, 0x05, .. Exit],
        _ => throw new TryFailedException("request", "unknown program"),
    };

    // mov edi, eax; neg edi; jns over; xor edi, edi; over: mov eax, exit; syscall
    private static byte[] Exit => [0x89, 0xc7, 0xf7, 0xdf, 0x79, 0x02, 0x31, 0xff, 0xb8, .. Number(60), 0x0f, 0x05];

    private static byte[] Number(int value) => BitConverter.GetBytes(value);

    // A file header and one segment, readable and executable, that is the whole file (elf.h).
    private static byte[] Elf(byte[] code)
    {
        var file = new byte[HeaderLength + code.Length];
        byte[] identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identity.CopyTo(file, 0);
        Short(16, 2);
        Short(18, 62);
        Short(20, 1);
        Long(24, Base + HeaderLength);
        Long(32, 64);
        Short(52, 64);
        Short(54, 56);
        Short(56, 1);
        Short(64, 1);
        Short(68, 5);
        Long(80, Base);
        Long(88, Base);
        Long(96, file.Length);
        Long(104, file.Length);
        Long(112, 0x1000);
        code.CopyTo(file, HeaderLength);
        return file;

        void Short(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        void Long(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), value);
    }

    private static nint Check(nint result, string stage) =>
        result >= 0 ? result : throw new TryFailedException(stage, Marshal.GetLastPInvokeError());
}
