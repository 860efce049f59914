using VpnConfinement.Health;

namespace VpnConfinement.Cli.Output;

/// <summary>States for a person: a mark each, and what to do about those that are no good.</summary>
internal static class HealthText
{
    /// <summary>The mark of a state; a tick is for what works, and for nothing else.</summary>
    /// <param name="state">The state.</param>
    /// <param name="colour">Whether it is coloured.</param>
    /// <param name="ascii">Whether it is ASCII.</param>
    internal static string Mark(HealthState state, bool colour, bool ascii) => state switch
    {
        HealthState.Working => Terminal.Paint(ascii ? "+" : "✓", "32", colour),
        HealthState.Idle => Terminal.Paint(ascii ? "." : "·", "2", colour),
        HealthState.Waiting => Terminal.Paint(ascii ? "~" : "…", "33", colour),
        HealthState.Degraded => Terminal.Paint("!", "33;1", colour),
        HealthState.Unknown => Terminal.Paint("?", "33;1", colour),
        HealthState.Blocked or HealthState.Failed or HealthState.Open =>
            Terminal.Paint(ascii ? "x" : "✗", "31;1", colour),
        _ => throw new InvalidOperationException("a state of an unknown kind"),
    };

    /// <summary>The state with its reason and, where something is to be done, what.</summary>
    internal static string Sentence(HealthEntry entry) =>
        $"{HealthStates.Word(entry.State)}: {entry.Reason}{(entry.Remedy is { } remedy && entry.State > HealthState.Idle ? $" ({remedy})" : "")}";
}
