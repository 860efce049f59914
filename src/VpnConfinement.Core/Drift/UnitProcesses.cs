namespace VpnConfinement.Drift;

/// <summary>The processes of a confined unit.</summary>
/// <param name="Unit">The unit's full name.</param>
/// <param name="Netns">
/// Identity of the netns that they have to be in; null while that is not up, when none of them may run.
/// </param>
/// <param name="Processes">The processes.</param>
public sealed record UnitProcesses(
    string Unit, string? Netns, Observation<IReadOnlyList<UnitProcess>> Processes)
{
    /// <summary>Those that were seen.</summary>
    public IReadOnlyList<UnitProcess> Known =>
        Processes is Observation<IReadOnlyList<UnitProcess>>.Known known ? known.Value : [];
}
