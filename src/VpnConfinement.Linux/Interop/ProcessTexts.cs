using System.Runtime.InteropServices;

namespace VpnConfinement.Linux.Interop;

/// <summary>Arguments and environment of this process as bytes, which need not be text, and execve(2) with them.</summary>
internal static unsafe class ProcessTexts
{
    private const int SIGPIPE = 13; // signal(7), the same on x86-64 and arm64

    /// <summary>Reads a list of NUL-terminated texts (proc_pid_cmdline(5), proc_pid_environ(5)).</summary>
    /// <exception cref="SystemFailure">It cannot be read.</exception>
    internal static List<byte[]> Read(string path)
    {
        var texts = new List<byte[]>();
        ReadOnlySpan<byte> rest = KernelFile.ReadBytes(path);
        while (rest.Length > 0)
        {
            var end = rest.IndexOf((byte)0);
            texts.Add(rest[..(end < 0 ? rest.Length : end)].ToArray());
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return texts;
    }

    /// <summary>Becomes another program; it comes back only where that fails.</summary>
    /// <param name="path">Path of the program.</param>
    /// <param name="arguments">All arguments, the program's name first.</param>
    /// <param name="environment">The whole environment, as <c>NAME=value</c>.</param>
    /// <returns>The error number.</returns>
    internal static int Execute(string path, List<byte[]> arguments, List<byte[]> environment)
    {
        // Nothing is freed: either this program is gone, or it is about to end.
        var program = Copy(System.Text.Encoding.UTF8.GetBytes(path));
        _ = Libc.execve(program, Copy(arguments), Copy(environment));
        return Marshal.GetLastPInvokeError();
    }

    /// <summary>Has SIGPIPE end the program that this one becomes; ignoring a signal outlasts execve(2).</summary>
    internal static void DefaultPipeSignal() => _ = Libc.signal(SIGPIPE, 0);

    private static byte** Copy(List<byte[]> texts)
    {
        var pointers = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++)
        {
            pointers[i] = Copy(texts[i]);
        }

        return pointers;
    }

    private static byte* Copy(byte[] text)
    {
        var memory = (byte*)NativeMemory.AllocZeroed((nuint)text.Length + 1);
        text.CopyTo(new Span<byte>(memory, text.Length));
        return memory;
    }
}
