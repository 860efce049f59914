using System.Globalization;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Namespaces;

/// <summary>The netns that a process is really in (proc_pid_ns(5)).</summary>
internal static class ProcessNetns
{
    // Of one that gives its namespaces up, or that may not be looked at.
    private const int Looks = 50;

    /// <summary>Reads it.</summary>
    /// <param name="pid">Process id.</param>
    /// <param name="ended">True when there is no such process any more: it has no sockets either.</param>
    /// <returns>The netns, or null when it cannot be read.</returns>
    internal static NetnsIdentity? Of(int pid, out bool ended)
    {
        for (var look = 1; ; look++)
        {
            ended = false;
            if (Read($"/proc/{pid}") is { } netns)
            {
                return netns;
            }

            // The first thread may end before the others do, and what the process has open stays open.
            if (OfThreads(pid) is { } others)
            {
                return others;
            }

            ended = !IsAlive(pid);
            if (ended || look == Looks)
            {
                return null;
            }

            Thread.Sleep(1);
        }
    }

    /// <summary>Whether a process shares this program's netns, the host's. Not knowing counts as yes.</summary>
    internal static bool IsOurs(int pid)
    {
        var netns = Of(pid, out var ended);
        return !ended && (netns is null || netns == Of(Environment.ProcessId, out _));
    }

    /// <summary>Reads that of each thread: setns(2) and unshare(2) move one alone.</summary>
    /// <param name="pid">Process id.</param>
    /// <returns>
    /// The threads with the netns of each, null where it cannot be read; none of a process that has ended.
    /// </returns>
    /// <exception cref="IOException">The threads cannot be listed.</exception>
    internal static IEnumerable<(int Thread, NetnsIdentity? Netns)> OfEachThread(int pid)
    {
        string[] folders;
        try
        {
            folders = Directory.GetDirectories($"/proc/{pid}/task");
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }

        return
        [
            .. folders.Select(folder => (Folder: folder, Netns: ReadLiving(folder)))
                .Where(t => t.Netns is not null || !HasEnded(t.Folder))
                .Select(t => (int.Parse(Path.GetFileName(t.Folder), CultureInfo.InvariantCulture), t.Netns)),
        ];
    }

    // A thread gives its namespaces up shortly before it counts as ended.
    private static NetnsIdentity? ReadLiving(string folder)
    {
        for (var look = 1; look <= Looks; look++)
        {
            if (Read(folder) is { } netns)
            {
                return netns;
            }

            if (HasEnded(folder))
            {
                return null;
            }

            Thread.Sleep(1);
        }

        return null;
    }

    private static NetnsIdentity? Read(string folder)
    {
        try
        {
            using var netns = Kernel.Open(folder + "/ns/net", LibcConstants.O_RDONLY);
            return NetnsIdentity.Of(netns);
        }
        catch (SystemFailure)
        {
            // Of a process that may not be looked at as of one that is gone: the caller finds out which.
            return null;
        }
    }

    // The first that tells: a process may have very many.
    private static NetnsIdentity? OfThreads(int pid)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{pid}/task").Select(Read).FirstOrDefault(n => n is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{pid}/task").Any(t => !HasEnded(t));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return !HasEnded($"/proc/{pid}");
        }
    }

    // A zombie has ended: it has no namespaces and no sockets any more (proc_pid_stat(5), state Z or X).
    private static bool HasEnded(string folder)
    {
        try
        {
            var stat = KernelFile.ReadText(folder + "/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is 'Z' or 'X';
        }
        catch (SystemFailure)
        {
            return !Directory.Exists(folder);
        }
    }
}
