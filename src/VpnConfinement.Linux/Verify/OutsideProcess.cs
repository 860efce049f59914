using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Watch;

namespace VpnConfinement.Linux.Verify;

/// <summary>Finds a process of a service that has a thread on the host's network.</summary>
internal static class OutsideProcess
{
    /// <summary>The first that has; null where none is known to.</summary>
    /// <param name="pids">Processes of the service.</param>
    internal static int? Find(IReadOnlyList<int> pids) => pids.Where(IsOne).Select(pid => (int?)pid).FirstOrDefault();

    /// <summary>Whether a process is one. One that systemd may still be preparing is not.</summary>
    internal static bool IsOne(int pid)
    {
        try
        {
            var host = ProcessNetns.Of(Environment.ProcessId, out _);
            return host is not null && !StartingProcess.IsLikely(pid)
                && ProcessNetns.OfEachThread(pid).Any(t => t.Netns == host);
        }
        catch (IOException)
        {
            // Threads that cannot be listed are told with the processes.
            return false;
        }
    }
}
