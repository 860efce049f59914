using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Namespaces;

/// <summary>The netns that a process is really in (proc_pid_ns(5)).</summary>
internal static class ProcessNetns
{
    /// <summary>Reads it.</summary>
    /// <param name="pid">Process id.</param>
    /// <param name="ended">True when there is no such process any more: it has no sockets either.</param>
    /// <returns>The netns, or null when it cannot be read.</returns>
    internal static NetnsIdentity? Of(int pid, out bool ended)
    {
        ended = false;
        try
        {
            using var netns = Kernel.Open($"/proc/{pid}/ns/net", LibcConstants.O_RDONLY);
            return NetnsIdentity.Of(netns);
        }
        catch (SystemFailure)
        {
            ended = HasEnded(pid);
            return null;
        }
    }

    /// <summary>Whether a process shares this program's netns, the host's. Not knowing counts as yes.</summary>
    internal static bool IsOurs(int pid)
    {
        var netns = Of(pid, out var ended);
        return !ended && (netns is null || netns == Of(Environment.ProcessId, out _));
    }

    // A zombie has ended: it has no namespaces and no sockets any more (proc_pid_stat(5), state Z or X).
    private static bool HasEnded(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is 'Z' or 'X';
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return !Directory.Exists($"/proc/{pid}");
        }
    }
}
