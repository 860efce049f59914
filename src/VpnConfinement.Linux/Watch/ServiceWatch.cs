using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Keeps the resolver files pinned in running services: what the host puts in the place of a file detaches what was mounted on it in every mount
/// namespace. Between loss and repair the ruleset refuses the host's resolver. And stops a service that was started without its confinement.
/// </summary>
/// <param name="plan">The plan of the namespace.</param>
/// <param name="units">Where its services' processes are.</param>
/// <param name="repair">Speaks to systemd where it has to.</param>
/// <param name="journal">Takes what was done.</param>
internal sealed class ServiceWatch(NamespacePlan plan, ServiceGroups units, Repair repair, Journal journal) : IDisposable
{
    private readonly NetnsIdentity? _host = ProcessNetns.Of(Environment.ProcessId, out _);
    private readonly Dictionary<ulong, ServiceMounts> _known = [];
    private readonly HashSet<int> _seen = [];
    private readonly HashSet<int> _outside = [];

    /// <summary>What to wait for besides.</summary>
    internal IReadOnlyList<SafeFileHandle> Descriptors => [.. _known.Values.Select(m => m.MountInfo)];

    /// <summary>Finds processes that are new and pins in them, and once more where it failed.</summary>
    internal void FindNew(NetnsIdentity netns)
    {
        var now = units.Processes();
        _seen.IntersectWith(now.Select(p => p.Pid));
        _outside.IntersectWith(now.Select(p => p.Pid));
        foreach (var mounts in _known.Values.Where(m => !m.IsThere).ToList())
        {
            Drop(mounts);
        }

        foreach (var (unit, pid) in now.Where(p => !_seen.Contains(p.Pid) && IsThrough(p.Pid)))
        {
            if (Meet(unit, pid, netns))
            {
                _seen.Add(pid);
            }
        }

        foreach (var mounts in _known.Values.Where(m => m.IsIncomplete))
        {
            Pin(mounts, netns);
        }
    }

    /// <summary>Looks at every service.</summary>
    internal void CheckAll(NetnsIdentity netns)
    {
        foreach (var mounts in _known.Values)
        {
            Pin(mounts, netns);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mounts in _known.Values)
        {
            mounts.Dispose();
        }
    }

    private void Drop(ServiceMounts mounts)
    {
        _known.Remove(mounts.Identity);
        mounts.Dispose();
        // Another process of the service may be in it.
        _seen.Clear();
    }

    // False where it has to be met again.
    private bool Meet(string unit, int pid, NetnsIdentity netns)
    {
        var place = ProcessNetns.Of(pid, out _);
        if (place is not null && place == _host)
        {
            // Twice, so that nobody is stopped for a moment of his start.
            return !_outside.Add(pid)
                && repair.Stop(unit, $"process {pid} of {unit} is on the host's network, as if it were not confined: stopping it; 'systemctl cat {unit}' shows what undid its confinement");
        }

        if (place != netns || plan.PinnedFiles.Count == 0 || ServiceMounts.InodeOf(pid) is not { } inode || _known.ContainsKey(inode))
        {
            return true;
        }

        try
        {
            _known[inode] = new ServiceMounts(unit, pid, inode, Kernel.Open($"/proc/{pid}/mountinfo", LibcConstants.O_RDONLY));
            Pin(_known[inode], netns);
        }
        catch (SystemFailure) when (ServiceMounts.InodeOf(pid) is null)
        {
            // It ended meanwhile.
        }

        return true;
    }

    private void Pin(ServiceMounts mounts, NetnsIdentity netns)
    {
        try
        {
            var pinned = mounts.Pin(plan.PinnedFiles, netns);
            if (pinned.Count > 0)
            {
                journal.Write(Journal.Warning, "pin-restored", $"{string.Join(" and ", pinned.Select(p => p.Target))} of the host was replaced under {mounts.Unit}; pinned again", mounts.Unit);
            }
        }
        catch (SystemFailure e)
        {
            if (!mounts.IsTold)
            {
                mounts.IsTold = true;
                journal.Write(Journal.Error, "pin-failed", $"the resolver files of {mounts.Unit} are not pinned, and its lookups are blocked; trying again each second: {e.Message}", mounts.Unit);
            }
        }
    }

    // Until it executes the service's program, it is systemd's own child, which is still moving and mounting.
    private static bool IsThrough(int pid)
    {
        try
        {
            return Path.GetFileName(new FileInfo($"/proc/{pid}/exe").LinkTarget) is not (null or "systemd" or "systemd (deleted)" or "systemd-executor" or "systemd-executor (deleted)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
