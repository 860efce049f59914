using System.Globalization;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Whether a process is one in which systemd still prepares a service: a child of process 1 that runs systemd's own
/// program, and not yet the service's. By its name anybody's process may be called systemd, and anybody may execute
/// that program, so neither is proof of anything by itself.
/// </summary>
internal static class StartingProcess
{
    private const ulong CapSysAdmin = 1UL << 21;

    // systemd 255 and later; the second on systems whose /lib is a folder of its own.
    private static readonly string[] Executors = ["/usr/lib/systemd/systemd-executor", "/lib/systemd/systemd-executor"];

    /// <summary>
    /// Whether it may be such a process. A service can bring this about (it executes systemd's program and has its
    /// parent end), so nothing but a delay may follow from it.
    /// </summary>
    internal static bool IsLikely(int pid) => RunsSystemd(pid) && Field(pid, "PPid") is "1";

    /// <summary>
    /// Whether it also has what systemd needs to move itself into a netns and gives up before it runs the service's
    /// program: root's privileges in systemd's own user namespace. A service without CAP_SYS_ADMIN cannot bring this
    /// about.
    /// </summary>
    internal static bool IsPrivileged(int pid)
    {
        try
        {
            return IsLikely(pid)
                && Kernel.IdentifyTarget("/proc/self/ns/user") is { } own
                && own.IsSameAs(Kernel.IdentifyTarget($"/proc/{pid}/ns/user"))
                && Field(pid, "Uid")?.Split('\t').All(u => u == "0") == true
                && ulong.TryParse(Field(pid, "CapPrm"), NumberStyles.AllowHexSpecifier, null, out var permitted)
                && (permitted & CapSysAdmin) != 0;
        }
        catch (SystemFailure)
        {
            // It has ended, or may not be looked at: not known to be systemd's.
            return false;
        }
    }

    // Which file it is, by inode. What the service itself serves (FUSE) is not asked.
    private static bool RunsSystemd(int pid)
    {
        try
        {
            return Kernel.IdentifyCached($"/proc/{pid}/exe") is { } program
                && Executors.Prepend("/proc/1/exe").Any(e => program.IsSameAs(Kernel.IdentifyTarget(e)));
        }
        catch (SystemFailure)
        {
            return false;
        }
    }

    // proc_pid_status(5): a name of its own choice has its line ends written as \n there.
    private static string? Field(int pid, string name)
    {
        try
        {
            var prefix = name + ":\t";
            return KernelFile.ReadLines($"/proc/{pid}/status")
                .FirstOrDefault(l => l.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
        }
        catch (SystemFailure)
        {
            return null;
        }
    }
}
