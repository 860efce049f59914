using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Status;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.Verify;

namespace VpnConfinement.Linux.Verify;

/// <summary>
/// Tells what changed since it began: by <c>apply</c> and its like, by a unit of ours that came up or went down, or by
/// a service that did. No lock is taken, since whoever repairs or applies must not wait for a look.
/// </summary>
internal sealed class ChangeWatch
{
    private const string Looking = "while it was looked at";

    private readonly Systemctl _systemctl;
    private readonly VerifyScope _scope;
    private readonly string? _manifest;
    private readonly UnitSnapshot _units;
    private bool _isApplied;

    /// <summary>Begins.</summary>
    /// <param name="systemctl">The running systemd.</param>
    /// <param name="scope">What is looked at.</param>
    /// <param name="manifest">The manifest as it was before the scope was found.</param>
    internal ChangeWatch(Systemctl systemctl, VerifyScope scope, string? manifest)
    {
        (_systemctl, _scope, _manifest) = (systemctl, scope, manifest);
        _units = Take();
        Note();
    }

    /// <summary>Notes whether the system is being changed just now.</summary>
    internal void Note() => _isApplied = _isApplied || OwnLock.IsHeld(StateLayout.ApplyLock)
        || StateFile.Read(StateLayout.Manifest) != _manifest;

    /// <summary>What changed so far.</summary>
    internal IReadOnlyList<HostChange> Changes()
    {
        Note();
        if (_isApplied)
        {
            return [new HostChange(null, null, $"vpn-confinement changed what is applied {Looking}")];
        }

        var now = Take();
        var changed = _scope.Namespaces.Select(n => n.Name)
            .Where(ns => UnitsOf(ns).Any(unit => Differs(unit, now))).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. changed.Select(
                ns => new HostChange(ns, null, $"units of namespace {ns} came up or went down {Looking}")),
            .. _scope.Services.Where(s => !changed.Contains(s.Namespace) && Differs(s.Unit, now))
                .Select(s => new HostChange(s.Namespace, s.Unit, $"{s.Unit} was started or stopped {Looking}")),
        ];
    }

    private bool Differs(string unit, UnitSnapshot now) =>
        _units.Of(unit, UnitStates.StateChange) != now.Of(unit, UnitStates.StateChange);

    private UnitSnapshot Take() => UnitSnapshot.Take(
        _systemctl,
        _scope.Namespaces.SelectMany(n => UnitsOf(n.Name)).Concat(_scope.Services.Select(s => s.Unit)),
        UnitStates.StateChange);

    private IEnumerable<string> UnitsOf(string ns) => _scope.Namespaces.Where(n => n.Name == ns).SelectMany(n =>
        (string[])
        [
            StateLayout.NetnsUnit(ns), StateLayout.PinUnit(ns), StateLayout.WireGuardUnit(n.Interface),
            StateLayout.WatchUnit(ns),
        ]);
}
