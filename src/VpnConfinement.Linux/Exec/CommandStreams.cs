using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Exec;

/// <summary>The standard streams, which a command gets as they are where it has no terminal of its own.</summary>
internal static class CommandStreams
{
    private static readonly string[] Names = ["standard input", "standard output", "standard error"];

    // O_CLOEXEC of fcntl.h, octal 02000000: a stream that was closed, whose number is in use for something of ours.
    private const long CloseOnExec = 0x80000;

    /// <summary>Whether a stream is a terminal.</summary>
    internal static bool IsTerminal(int descriptor) => Libc.isatty(descriptor) == 1;

    /// <summary>
    /// Makes sure that none is a way out: a socket stays in the network namespace in which it was opened, whoever uses
    /// it.
    /// </summary>
    /// <exception cref="SystemFailure">One is, or one is closed.</exception>
    internal static void Check()
    {
        for (var descriptor = 0; descriptor < Names.Length; descriptor++)
        {
            if (IsClosed(descriptor))
            {
                throw new SystemFailure(
                    $"{Names[descriptor]} is closed", "write '</dev/null' or '>/dev/null' behind the command");
            }

            using var stream = new SafeFileHandle(descriptor, ownsHandle: false);
            var file = Kernel.Identify(stream);
            if (file.IsFolder)
            {
                throw new SystemFailure(
                    $"{Names[descriptor]} is a folder of the host, by which the command would see the host's /run",
                    "write '</dev/null', and name the folder as an argument");
            }

            if (file.IsSocket && KernelSocket.FamilyOf(stream) != LibcConstants.AF_UNIX)
            {
                throw new SystemFailure(
                    $"{Names[descriptor]} is a socket of the host's network, "
                    + "by which the command would leave the namespace",
                    "put a pipe between, as in 'cat | sudo vpn-confinement exec ... | cat'");
            }
        }
    }

    private static bool IsClosed(int descriptor)
    {
        try
        {
            const string Key = "flags:";
            var line = KernelFile.ReadLines($"/proc/self/fdinfo/{descriptor}")
                .First(l => l.StartsWith(Key, StringComparison.Ordinal));
            return (Convert.ToInt64(line[Key.Length..].Trim(), 8) & CloseOnExec) != 0;
        }
        catch (SystemFailure e) when (e.Errno == Errno.ENOENT)
        {
            return true;
        }
    }
}
