namespace VpnConfinement.Change;

/// <summary>What is seen of units before the steps of a change are decided.</summary>
public sealed record ChangeObservation
{
    /// <summary>
    /// Those of <see cref="ChangeSteps.UnitsOf"/> that are up or about to start; a template's instances in its place.
    /// </summary>
    public required IReadOnlyList<string> Up { get; init; }

    /// <summary>
    /// The network namespace of each of them by what systemd has loaded (<c>NetworkNamespacePath=</c>), by unit; empty
    /// for one on the host's network.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Networks { get; init; }

    /// <summary>Those of <see cref="ChangeSteps.WatchersOf"/> that are up.</summary>
    public IReadOnlyList<string> Watchers { get; init; } = [];

    /// <summary>Units that the change before was to start and that are still down.</summary>
    public IReadOnlyList<string> Unstarted { get; init; } = [];

    /// <summary>Units that a tunnel which goes down now took down before, and that are to come back with it.</summary>
    public IReadOnlyList<string> Returning { get; init; } = [];

    /// <summary>Units that a change which failed has stopped, where this one goes back from it.</summary>
    public IReadOnlyList<string> Stopped { get; init; } = [];

    /// <summary>Whether a unit serves one connection, ends with it and cannot be started again.</summary>
    public Func<string, bool> IsOneConnection { get; init; } = static _ => false;

    /// <summary>Namespaces that are up.</summary>
    public IReadOnlySet<string> Living { get; init; } = new HashSet<string>();

    /// <summary>Those of <see cref="ChangeSteps.DaemonsOf"/> that run.</summary>
    public IReadOnlySet<string> Daemons { get; init; } = new HashSet<string>();
}
