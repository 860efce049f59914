using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Interop;

/// <summary>Starts a program by absolute path, with nothing inherited but what is named here.</summary>
internal static unsafe class ChildProcess
{
    private const int WNOHANG = 1;
    private const int Pause = 5;

    // Of what a program may write that has an end set: its words may be those of a hostile server.
    private const long MostOutput = 1 << 20;

    // No descriptor: all three standard streams stay ours.
    private const int Inherited = -1;

    /// <summary>Starts the program in a session of its own and does not wait for it.</summary>
    /// <param name="path">Absolute path; no search is made.</param>
    /// <param name="arguments">Arguments after the program's name; never a secret.</param>
    /// <param name="environment">The whole environment, as <c>NAME=value</c>.</param>
    /// <param name="keepError">Whether our standard error takes its output and errors; otherwise <c>/dev/null</c> does.</param>
    /// <returns>The process id.</returns>
    internal static int Start(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, bool keepError) =>
        Start(path, arguments, environment, keepError ? 2 : 0, keepError ? 2 : 0, POSIX_SPAWN_SETSID);

    /// <summary>Starts a program with our own standard streams, in the caller's session.</summary>
    /// <param name="path">Absolute path; no search is made.</param>
    /// <param name="arguments">Arguments after the program's name; never a secret.</param>
    /// <param name="environment">The whole environment, as <c>NAME=value</c>.</param>
    /// <param name="ownGroup">
    /// Whether keys of the terminal (Ctrl-C) do not reach it: it is a process group of its own.
    /// </param>
    /// <returns>The process id, for <see cref="WaitFor"/>.</returns>
    internal static int StartWithStreams(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, bool ownGroup) =>
        Start(path, arguments, environment, Inherited, Inherited, ownGroup ? POSIX_SPAWN_SETPGROUP : (short)0);

    /// <summary>Waits for the end of a child.</summary>
    /// <returns>Its exit status, or 128 and the number of the signal that ended it.</returns>
    internal static int WaitFor(int pid) => Wait(pid, $"process {pid}");

    /// <summary>Runs a program to its end, in the caller's session, with nothing to read.</summary>
    /// <param name="path">Absolute path; no search is made.</param>
    /// <param name="arguments">Arguments after the program's name; never a secret.</param>
    /// <param name="environment">The whole environment, as <c>NAME=value</c>.</param>
    /// <param name="patience">
    /// How long it may take; null for no bound. A program that takes longer, or then writes more than a mebibyte, is
    /// killed, and has ended on return.
    /// </param>
    /// <returns>Its status and what it wrote until its end.</returns>
    internal static ChildResult Run(
        string path,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        TimeSpan? patience = null)
    {
        // Files in memory instead of pipes: nobody has to read while it runs.
        using var output = Kernel.MemoryFile("output", []);
        using var error = Kernel.MemoryFile("error", []);
        var (standardOutput, standardError) = ((int)output.DangerousGetHandle(), (int)error.DangerousGetHandle());
        var pid = Start(path, arguments, environment, standardOutput, standardError, 0);
        var status = patience is { } bound ? WaitBounded(pid, path, bound, output, error) : Wait(pid, path);
        return new ChildResult(status, Kernel.ReadWhole(output), Kernel.ReadWhole(error));
    }

    private static int Start(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, int output, int error, short flags)
    {
        if (!Path.IsPathFullyQualified(path))
        {
            throw new SystemFailure($"cannot start {path}: not an absolute path");
        }

        // posix_spawn_file_actions_t (80 bytes), posix_spawnattr_t (336) and sigset_t (128), with room to spare.
        Span<byte> memory = stackalloc byte[2048];
        memory.Clear();
        var argumentTexts = new NativeTexts([path, .. arguments]);
        var environmentTexts = new NativeTexts(environment);
        try
        {
            fixed (byte* start = memory)
            fixed (byte** argv = argumentTexts.Pointers)
            fixed (byte** envp = environmentTexts.Pointers)
            {
                return Spawn(argv, envp, actions: start, attributes: start + 512, set: start + 1536, output, error, flags, path);
            }
        }
        finally
        {
            argumentTexts.Free();
            environmentTexts.Free();
        }
    }

    /// <summary>Ends a child at once and takes note of its end.</summary>
    internal static void Kill(int pid)
    {
        _ = Libc.kill(pid, SIGKILL);
        int status;
        _ = Libc.waitpid(pid, &status, 0);
    }

    /// <summary>Whether a child has ended; takes note of its end.</summary>
    internal static bool HasEnded(int pid)
    {
        int status;
        return Libc.waitpid(pid, &status, WNOHANG) != 0;
    }

    private static int WaitBounded(
        int pid, string path, TimeSpan patience, SafeFileHandle output, SafeFileHandle error)
    {
        var end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        int? status;
        while ((status = WaitBriefly(pid, path)) is null && Environment.TickCount64 < end
            && RandomAccess.GetLength(output) + RandomAccess.GetLength(error) <= MostOutput)
        {
            Thread.Sleep(Pause);
        }

        if (status is null)
        {
            Kill(pid);
        }

        return status ?? 128 + SIGKILL;
    }

    // Null while it runs.
    private static int? WaitBriefly(int pid, string path)
    {
        int status;
        var ended = Libc.waitpid(pid, &status, WNOHANG);
        return ended == 0 ? null
            : ended > 0 ? ToShell(status)
            : throw new SystemFailure($"wait for {path}", Marshal.GetLastPInvokeError());
    }

    private static int Wait(int pid, string path)
    {
        int status;
        while (Libc.waitpid(pid, &status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() is var errno and not Errno.EINTR)
            {
                throw new SystemFailure($"wait for {path}", errno);
            }
        }

        return ToShell(status);
    }

    // As a shell has it: the exit status, or 128 and the number of the signal (wait(2)).
    private static int ToShell(int status) =>
        (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);

    private static int Spawn(byte** argv, byte** envp, byte* actions, byte* attributes, byte* set, int output, int error, short flags, string path)
    {
        Check(Libc.posix_spawn_file_actions_init(actions), path);
        Check(Libc.posix_spawnattr_init(attributes), path);
        try
        {
            if (output != Inherited)
            {
                Check(Libc.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0), path);
                Check(Libc.posix_spawn_file_actions_adddup2(actions, output, 1), path);
                Check(Libc.posix_spawn_file_actions_adddup2(actions, error, 2), path);
            }

            // The runtime ignores SIGPIPE and may block signals on this thread; the child begins with neither.
            Check(Libc.sigemptyset(set), path);
            Check(Libc.posix_spawnattr_setsigmask(attributes, set), path);
            Check(Libc.sigaddset(set, SIGPIPE), path);
            Check(Libc.posix_spawnattr_setsigdefault(attributes, set), path);
            Check(Libc.posix_spawnattr_setflags(attributes, (short)(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | flags)), path);
            int pid;
            Check(Libc.posix_spawn(&pid, argv[0], actions, attributes, argv, envp), path);
            return pid;
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
        }
    }

    private static void Check(int errno, string path)
    {
        if (errno != 0)
        {
            throw new SystemFailure($"start {path}", errno);
        }
    }

    /// <summary>Texts as C wants an argument list: pointers to NUL-terminated UTF-8, then a null pointer.</summary>
    private readonly struct NativeTexts(IReadOnlyList<string> texts)
    {
        internal readonly byte*[] Pointers = Allocate(texts);

        internal void Free()
        {
            foreach (var pointer in Pointers)
            {
                NativeMemory.Free(pointer);
            }
        }

        private static byte*[] Allocate(IReadOnlyList<string> texts)
        {
            var pointers = new byte*[texts.Count + 1];
            for (var i = 0; i < texts.Count; i++)
            {
                var length = Encoding.UTF8.GetByteCount(texts[i]);
                pointers[i] = (byte*)NativeMemory.AllocZeroed((nuint)length + 1);
                Encoding.UTF8.GetBytes(texts[i], new Span<byte>(pointers[i], length));
            }

            return pointers;
        }
    }
}
