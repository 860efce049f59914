using System.Globalization;

namespace VpnConfinement.Drift;

/// <summary>Which processes of a confined unit are outside its namespace (S-1, S-28).</summary>
internal static class ProcessComparison
{
    /// <summary>The differences; a process that cannot be placed is one.</summary>
    internal static IEnumerable<PartDifference> Of(UnitProcesses unit) => unit.Processes switch
    {
        Observation<IReadOnlyList<UnitProcess>>.Known known =>
            known.Value.Select(process => Of(unit, process)).OfType<PartDifference>(),
        Observation<IReadOnlyList<UnitProcess>>.Unknown unknown =>
        [
            Unknown(unit, $"which processes {unit.Unit} has could not be read: {unknown.Reason}"),
        ],
        _ => throw new InvalidOperationException("an observation of an unknown kind"),
    };

    private static PartDifference? Of(UnitProcesses unit, UnitProcess process) =>
        process.Netns is null
            ? Unknown(
                unit,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the network namespace of {process.Title} of {unit.Unit} cannot be read"))
        : process.Netns == unit.Netns ? null
        : new PartDifference(string.Create(
            CultureInfo.InvariantCulture,
            $"{process.Title} of {unit.Unit} is outside its namespace (netns {process.Inode})"))
        {
            Subject = unit.Unit,
            Remedy = $"stop {unit.Unit}",
        };

    private static PartDifference Unknown(UnitProcesses unit, string text) => new(text, IsUnknown: true)
    {
        Subject = unit.Unit,
        Remedy = $"see 'systemctl status {unit.Unit}'",
    };
}
