using VpnConfinement.Compile;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Watches one namespace while it is up: sees what others change, repairs, and says how the tunnel does (docs/adr/0013). It enforces nothing; without it
/// a namespace is as closed, and what is damaged waits for 'apply'.
/// </summary>
public sealed class Watcher : IDisposable
{
    private const int TickMilliseconds = 1000;

    // With thousands of peers or processes, looking may take at most this part of a processor. By its own processor
    // time: on a busy machine a look lasts, and what is set by 'wg set' meanwhile would wait for half a minute.
    private const int RestFactor = 100;
    // A restart of the units takes the namespace away for a moment.
    private const int GoneMilliseconds = 5000;
    private const int GoneTickMilliseconds = 100;
    private const int LongestPause = 30_000;
    private const int CollectLooks = 30;

    // Between two processes of a service, of which there may be thousands.
    private const int TendMilliseconds = 10;

    private readonly NamespacePlan _plan;
    private readonly Journal _journal;
    private readonly Repair _repair;
    private readonly ServiceWatch _services;
    private readonly TrafficWatch _traffic;
    private readonly PeerWatch _peers;
    private readonly TunnelKey _key;
    private readonly FileIdentity? _manifest = Kernel.IdentifyTarget(StateLayout.Manifest);
    private readonly string? _place;
    private WatchedNetns? _netns;
    private IReadOnlyList<string> _undone = [];
    private Happening _meanwhile;
    private long _tended;

    private Watcher(string ns, TunnelKey key)
    {
        _key = key;
        _place = WireGuardRecord.Load(ns)?.Place;
        _plan = PlanStore.Load(ns).Plan;
        _journal = new Journal(ns, _plan.WireGuard.Interface);
        var line = new StatusLine();
        _repair = new Repair(_plan, _journal, line);
        _traffic = new TrafficWatch(_plan, _journal, line);
        _peers = new PeerWatch(_plan, _traffic, key);
        var units = ManifestStore.Load().Namespaces.Where(n => n.Name == ns).SelectMany(n => n.Units).Where(u => !u.IsSocket).Select(u => u.Name);
        _services = new ServiceWatch(_plan, new ServiceGroups([.. units]), _repair, _journal, line);
    }

    /// <summary>Watches until the namespace is gone.</summary>
    /// <exception cref="SystemFailure">What was applied cannot be read, or the kernel does not tell.</exception>
    public static void Run(string ns, Action<string> log)
    {
        // Another netns was brought up by another run of the units, perhaps by another plan. What was seen of the
        // tunnel's key is kept: one that is set while the tunnel comes up would pass for the first one.
        var key = new TunnelKey();
        bool isAnother;
        do
        {
            using var watcher = new Watcher(ns, key);
            isAnother = watcher.Run();
        }
        while (isAnother);
        log($"namespace {ns} is gone; nothing to watch");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _services.Dispose();
        _peers.Dispose();
        _traffic.Dispose();
        _netns?.Dispose();
    }

    /// <summary>Watches; ends with true where another netns has the name, and with false where nothing is left to watch.</summary>
    private bool Run()
    {
        _netns = WatchedNetns.TryOpen(_plan);
        _repair.Renew();
        _repair.Resume();

        _ = _netns is not null && _peers.Look(_netns);
        var looks = 0;
        var gone = (long?)null;
        var happened = (Happening?)new Happening(Changed: true, HostMounts: true, ServiceMounts: true);
        while (true)
        {
            var began = Environment.CpuUsage.TotalTime;
            if (!_repair.IsPending && IsOutdated())
            {
                return true;
            }

            if (happened is { HostMounts: true } && IsReplaced() && !_repair.IsPending)
            {
                return true;
            }

            Look(happened);
            if (_netns is not null || _repair.IsPending)
            {
                gone = null;
            }
            else if (Environment.TickCount64 - (gone ??= Environment.TickCount64) > GoneMilliseconds)
            {
                _traffic.Forget();
                return false;
            }

            if (looks++ == 0)
            {
                ServiceManager.Ready();
            }

            // Small rather than fast: by itself it would collect after several megabytes only.
            if (looks % CollectLooks == 1)
            {
                ProgramPages.Release();
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            }

            ServiceManager.Alive();
            var mayRest = happened is null && !_services.NeedsLook;
            var rest = mayRest ? (Environment.CpuUsage.TotalTime - began).TotalMilliseconds * RestFactor : 0;
            happened = Wait(_repair.NeedsLook ? _repair.Rhythm : (int)Math.Clamp(rest, TickMilliseconds, LongestPause));
        }
    }

    // Null where the time was over; what concerns nobody here does not end it.
    private Happening? Wait(int milliseconds)
    {
        if (_netns is null)
        {
            // Between two namespaces, or while a repair is under way.
            Thread.Sleep(_repair.IsPending ? _repair.Rhythm : GoneTickMilliseconds);
            return new Happening(Changed: false, HostMounts: true, ServiceMounts: false);
        }

        var end = Environment.TickCount64 + milliseconds;
        while (true)
        {
            var left = _meanwhile == default ? (int)Math.Max(0, end - Environment.TickCount64) : 0;
            var happened = _netns.Wait(left, _services.Descriptors) | _meanwhile;
            _meanwhile = default;
            if (happened != default || left == 0)
            {
                return happened == default ? null : happened;
            }
        }
    }

    private void Look(Happening? happened)
    {
        if (happened is { Changed: true } or { HostMounts: true } || _repair.NeedsLook || (_netns is not null && !_peers.Look(_netns)) || IsChangedQuietly())
        {
            RepairDrift();
        }

        TellOfHostWideSettings();

        if (_netns is not null)
        {
            if (happened is { ServiceMounts: true })
            {
                _services.CheckAll(_netns.Identity, Tend);
            }

            _services.FindNew(_netns.Identity, Tend);
        }
    }

    private void RepairDrift()
    {
        _peers.Reopen();
        _repair.Go(FindDrift());
        FindHostEnd();
    }

    // However many processes a service has: what guards the namespace does not wait until all are looked at.
    private void Tend()
    {
        var now = Environment.TickCount64;
        if (_netns is null || now - _tended < TendMilliseconds)
        {
            return;
        }

        _tended = now;
        var happened = new Happening(Changed: true, HostMounts: false, ServiceMounts: false);
        try
        {
            happened = _netns.Wait(0, []);
            if (happened.Changed)
            {
                RepairDrift();
            }
        }
        catch (SystemFailure)
        {
            // No fault of the service that is just looked at. The look that follows fails the same way, and ends it.
        }

        // What was mounted is told once, and the end of a repair is still to be looked for.
        _meanwhile |= happened;
    }

    /// <summary>
    /// Whether something else was applied than this watcher knows, or the tunnel was made anew, perhaps with its socket in another netns: the services to look after
    /// and where the tables are may be others now.
    /// </summary>
    private bool IsOutdated() => Kernel.IdentifyTarget(StateLayout.Manifest) != _manifest || WireGuardRecord.Load(_plan.Namespace)?.Place != _place;

    /// <summary>Whether another netns than before has the name now; listens to what has it from now on.</summary>
    private bool IsReplaced()
    {
        var state = Netns.Observe(_plan.Namespace) as NetnsState.Ours;
        state?.Handle.Dispose();
        if (state?.Identity == _netns?.Identity)
        {
            return false;
        }

        // Only one that really lost it: where what makes it ours is damaged, its tunnel goes on until that is repaired.
        if (_netns is not null && !HasName(_netns.Identity))
        {
            CutOff(_netns);
        }

        _netns?.Dispose();

        _netns = WatchedNetns.TryOpen(_plan);
        return _netns is not null;
    }

    private bool HasName(NetnsIdentity netns)
    {
        using var now = Netns.Find(_plan.Namespace);
        return now is not null && NetnsIdentity.Of(now) == netns;
    }

    // A netns that has lost its name lives on with whatever process is left in it, and its tunnel with it, on the port that the next one needs.
    private void CutOff(WatchedNetns lost)
    {
        try
        {
            using var inside = NetlinkSocket.OpenIn(lost.Handle, NetlinkConstants.NETLINK_ROUTE);
            if (Links.Find(inside, _plan.WireGuard.Interface) is { } link && link.Alias == LinkEndSpec.AliasOf(_plan.Namespace))
            {
                Links.Delete(inside, link);
            }
        }
        catch (SystemFailure e)
        {
            _journal.Write(Journal.Error, "repair-failed", $"the tunnel of the netns that lost its name is left: {e.Message}");
        }
    }

    // The kernel tells nobody of most settings, nor of the file. What cannot be read is for a whole look.
    private bool IsChangedQuietly()
    {
        try
        {
            return (_plan.HostLink is { } link && HostLink.ChangedSetting(link) is not null)
                || (_netns is not null
                    && StateFile.Read(StateLayout.EnvironmentFile(_plan.Namespace)) != EnvironmentText.Of(_plan));
        }
        catch (SystemFailure)
        {
            return true;
        }
    }

    // Made anew by a repair, it has another number.
    private void FindHostEnd()
    {
        try
        {
            _netns?.FindHostEnd();
        }
        catch (SystemFailure)
        {
            // What is wrong with it is for the next look, which the link's absence inside brings about.
        }
    }

    // Nothing of ours to change, and nothing that opens: told once.
    private void TellOfHostWideSettings()
    {
        try
        {
            var undone = _plan.HostLink is { } link ? HostWideSettings.Undoing(link, LinkGuard.Lacking(_plan.Namespace) is null) : [];
            foreach (var line in undone.Except(_undone, StringComparer.Ordinal))
            {
                _journal.Write(Journal.Error, "host-setting", line);
            }

            _undone = undone;
        }
        catch (SystemFailure)
        {
            // 'status' says what cannot be read.
        }
    }

    // Commands of units hold the lock while they are half through.
    private IReadOnlyList<DriftEntry> FindDrift()
    {
        if (NamespaceLook.Find(_plan, _key.IsRekeyed).Count == 0)
        {
            _key.Settle();
            return [];
        }

        using var held = NamespaceLock.Take(_plan.Namespace);
        return NamespaceLook.Find(_plan, _key.IsRekeyed);
    }
}
