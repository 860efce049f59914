namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Services whose processes have all gone to mount namespaces that may not be entered, their own. When the host
/// replaces a resolver file, theirs is lost as any other's; it comes back by stopping and starting the service.
/// </summary>
/// <param name="repair">Speaks to systemd.</param>
internal sealed class ApartServices(Repair repair)
{
    // systemd gives a service up that is started five times in ten seconds; a host that replaces a file often may do so
    // twice within a second.
    private const long Spacing = 5_000;

    private readonly Dictionary<int, string> _processes = [];
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private long _last = -Spacing;

    /// <summary>Takes a process that is in such a namespace.</summary>
    internal void Add(string unit, int pid) => _processes[pid] = unit;

    /// <summary>Forgets all processes but those that live.</summary>
    internal void Forget(HashSet<int> living)
    {
        foreach (var gone in _processes.Keys.Where(p => !living.Contains(p)).ToList())
        {
            _processes.Remove(gone);
        }
    }

    /// <summary>Restarts the services whose resolver files are lost.</summary>
    /// <param name="pinned">
    /// Services that have a mount namespace which may be entered: theirs are pinned there, and what else they made is
    /// their own affair.
    /// </param>
    /// <param name="isReplaced">Whether the host has replaced a file since the last look.</param>
    internal void Look(HashSet<string> pinned, bool isReplaced)
    {
        if (isReplaced)
        {
            _waiting.UnionWith(_processes.Values);
        }

        _waiting.ExceptWith(pinned);
        _waiting.IntersectWith(_processes.Values);
        if (isReplaced || _waiting.Count == 0 || Environment.TickCount64 - _last < Spacing)
        {
            return;
        }

        _last = Environment.TickCount64;
        foreach (var unit in _waiting.ToList())
        {
            var reason = $"a resolver file of the host was replaced under {unit}, which is in a mount namespace of "
                + $"its own; that is not entered, so {unit} is restarted";
            if (repair.RestartService(unit, _told.Add(unit) ? reason : null))
            {
                _waiting.Remove(unit);
                _told.Remove(unit);
            }
        }
    }
}
