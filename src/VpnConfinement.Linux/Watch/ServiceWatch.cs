using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Keeps the resolver files pinned in running services (<see cref="HostFiles"/> says how they are lost). Between loss and repair the ruleset refuses the host's resolver. And stops a service that was started
/// without its confinement. What a service makes itself is never entered, and never keeps the watcher from the rest
/// (S-34).
/// </summary>
/// <param name="plan">The plan of the namespace.</param>
/// <param name="units">Where its services' processes are.</param>
/// <param name="repair">Speaks to systemd where it has to.</param>
/// <param name="journal">Takes what was done.</param>
/// <param name="line">Takes what is not looked at.</param>
internal sealed class ServiceWatch(
    NamespacePlan plan, ServiceGroups units, Repair repair, Journal journal, StatusLine line) : IDisposable
{
    // systemd makes a mount namespace for each command of a unit, and those of one service seldom run beside each
    // other.
    private const int BoundOfService = 16;

    // Each takes a descriptor: LimitNOFILE= of the watcher's unit is above it.
    private const int Bound = 2048;

    // Of a service, so that nobody is stopped for a moment of its start.
    private const int LooksBeforeStop = 2;

    // Who starts a service may just be about to mend it ('apply'); but a service may make its start last for ever.
    private const int LooksBeforeInsisting = 3;

    // While systemd prepares a service it may wait for a user database or a terminal.
    private const int LooksWhileStarting = 30;

    private readonly NetnsIdentity? _host = ProcessNetns.Of(Environment.ProcessId, out _);
    private readonly Dictionary<ulong, ServiceMounts> _known = [];
    private readonly Dictionary<int, string> _seen = [];
    private readonly Dictionary<int, int> _starting = [];
    private readonly Dictionary<string, int> _outside = new(StringComparer.Ordinal);
    private readonly HashSet<string> _full = new(StringComparer.Ordinal);
    private readonly HostFiles _hostFiles = new(plan.PinnedFiles);
    private readonly ApartServices _apart = new(repair);
    private List<string> _beyond = [];
    private bool _isBlind;

    /// <summary>What to wait for besides.</summary>
    internal IReadOnlyList<SafeFileHandle> Descriptors => [.. _known.Values.Select(m => m.MountInfo)];

    /// <summary>Whether a service was seen on the host's network and has to be looked at again soon.</summary>
    internal bool NeedsLook => _outside.Count > 0;

    /// <summary>Finds processes that are new and pins in them, and once more where it failed.</summary>
    /// <param name="netns">The netns that they belong in.</param>
    /// <param name="tend">Runs between two of them: a service may have thousands, and the kernel's events do not wait.</param>
    internal void FindNew(NetnsIdentity netns, Action tend)
    {
        if (Processes(tend, out var beyond) is not { } now)
        {
            return;
        }

        Forget(now.Select(p => p.Pid).ToHashSet());
        foreach (var mounts in _known.Values.Where(m => !m.IsThere).ToList())
        {
            Drop(mounts);
        }

        var outside = new List<(string Unit, int Pid)>();
        foreach (var (unit, pid) in now.Where(p => !_seen.ContainsKey(p.Pid)))
        {
            tend();
            if (Meet(unit, pid, netns, outside, tend))
            {
                _seen[pid] = unit;
            }
        }

        Judge(outside);
        var change = _hostFiles.Look();
        foreach (var mounts in _known.Values.Where(m => change != HostFileChange.None || m.IsIncomplete).ToList())
        {
            tend();
            Pin(mounts, netns, tend);
        }

        _apart.Look(_known.Values.Select(m => m.Unit).ToHashSet(StringComparer.Ordinal), change == HostFileChange.Replaced);
        _full.IntersectWith(now.Select(p => p.Unit));
        Tell([.. beyond.Concat(_full).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Looks at every service.</summary>
    /// <param name="netns">The netns that they belong in.</param>
    /// <param name="tend">As for <see cref="FindNew"/>.</param>
    internal void CheckAll(NetnsIdentity netns, Action tend)
    {
        foreach (var mounts in _known.Values)
        {
            tend();
            Pin(mounts, netns, tend);
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

    // Null where no process can be seen at all: then no lost pin and nobody on the host's network is noticed.
    private IReadOnlyList<(string Unit, int Pid)>? Processes(Action tend, out IReadOnlyList<string> beyond)
    {
        try
        {
            var found = units.Processes(tend, out beyond);
            _isBlind = false;
            return found;
        }
        catch (SystemFailure e)
        {
            beyond = [];
            if (!_isBlind)
            {
                journal.Write(Journal.Error, "watch-blind", $"no service is looked at: {e.Message}; {e.Remedy}");
                line.Services($"no service is looked at ({e.Message})");
            }

            _isBlind = true;
            return null;
        }
    }

    private void Forget(HashSet<int> living)
    {
        foreach (var gone in _seen.Keys.Where(p => !living.Contains(p)).ToList())
        {
            _seen.Remove(gone);
        }

        foreach (var gone in _starting.Keys.Where(p => !living.Contains(p)).ToList())
        {
            _starting.Remove(gone);
        }

        _apart.Forget(living);
    }

    private void Drop(ServiceMounts mounts)
    {
        _known.Remove(mounts.Identity);
        mounts.Dispose();

        // Another process of the service may be in it.
        foreach (var pid in _seen.Where(s => s.Value == mounts.Unit).Select(s => s.Key).ToList())
        {
            _seen.Remove(pid);
        }
    }

    // False where it has to be met again.
    private bool Meet(
        string unit, int pid, NetnsIdentity netns, List<(string Unit, int Pid)> outside, Action tend)
    {
        if (ProcessNetns.Of(pid, out var ended) is not { } place)
        {
            return ended;
        }

        if (place == _host)
        {
            if (!(StartingProcess.IsPrivileged(pid) && MayStillStart(pid)))
            {
                outside.Add((unit, pid));
            }

            return false;
        }

        return place != netns || plan.PinnedFiles.Count == 0 || Watch(unit, pid, netns, tend);
    }

    private bool Watch(string unit, int pid, NetnsIdentity netns, Action tend)
    {
        // Still in the host's, or in one that is not complete.
        if (ServiceMounts.InodeOf(pid) is not { } inode || inode == ServiceMounts.InodeOf(1)
            || (StartingProcess.IsLikely(pid) && MayStillStart(pid)))
        {
            return false;
        }

        if (_known.ContainsKey(inode))
        {
            return true;
        }

        if (ServiceMounts.IsSystemds(pid) is not { } isSystemds)
        {
            return false;
        }

        if (!isSystemds)
        {
            _apart.Add(unit, pid);
            return true;
        }

        if (_known.Count >= Bound || _known.Values.Count(m => m.Unit == unit) >= BoundOfService)
        {
            _full.Add(unit);
            return true;
        }

        try
        {
            var info = Kernel.Open($"/proc/{pid}/mountinfo", LibcConstants.O_RDONLY);
            var mounts = _known[inode] = new ServiceMounts(unit, pid, inode, info);
            Pin(mounts, netns, tend);
        }
        catch (SystemFailure) when (ServiceMounts.InodeOf(pid) is null)
        {
            // It ended meanwhile.
        }

        return true;
    }

    private bool MayStillStart(int pid) =>
        (_starting[pid] = _starting.GetValueOrDefault(pid) + 1) <= LooksWhileStarting;

    // By service and not by process: one that has another take its place between two looks is there all the same.
    private void Judge(List<(string Unit, int Pid)> outside)
    {
        foreach (var inside in _outside.Keys.Where(u => outside.TrueForAll(o => o.Unit != u)).ToList())
        {
            _outside.Remove(inside);
        }

        foreach (var service in outside.GroupBy(o => o.Unit, StringComparer.Ordinal))
        {
            var (unit, pid) = service.First();
            var looks = _outside[unit] = _outside.GetValueOrDefault(unit) + 1;
            var reason = $"process {pid} of {unit} is on the host's network, as if it were not confined: stopping it; "
                + $"'systemctl cat {unit}' shows what undid its confinement";
            if (looks >= LooksBeforeStop
                && repair.Stop(unit, looks == LooksBeforeStop ? reason : null, insist: looks >= LooksBeforeInsisting))
            {
                _outside.Remove(unit);
                foreach (var process in service)
                {
                    _seen[process.Pid] = unit;
                }
            }
        }
    }

    private void Pin(ServiceMounts mounts, NetnsIdentity netns, Action tend)
    {
        try
        {
            var pinned = mounts.Pin(plan.PinnedFiles, netns, tend);
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

    private void Tell(List<string> beyond)
    {
        foreach (var unit in beyond.Except(_beyond, StringComparer.Ordinal))
        {
            var message = $"{unit} has more processes, control groups or mount namespaces than the watcher looks at; "
                + "what is beyond is confined, and its resolver files are not pinned again";
            journal.Write(Journal.Warning, "watch-bound", message, unit);
        }

        _beyond = beyond;
        line.Services(beyond.Count == 0 ? null
            : $"not all of {string.Join(", ", beyond)} is looked at ('journalctl VPNC_EVENT=watch-bound' says why)");
    }
}
