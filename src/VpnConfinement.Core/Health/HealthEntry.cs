namespace VpnConfinement.Health;

/// <summary>One part with its state.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Namespace">The namespace that it belongs to, or null.</param>
/// <param name="Name">Its name: of a namespace, an interface or a unit; <c>resolver</c> for the resolvers of a namespace.</param>
/// <param name="State">Its state.</param>
/// <param name="Reason">Why, as a sentence without its full stop.</param>
/// <param name="Since">Since when it is so, where that is known.</param>
/// <param name="Remedy">What to do or to type next; null where nothing has to be done.</param>
public sealed record HealthEntry(HealthKind Kind, string? Namespace, string Name, HealthState State, string Reason, DateTimeOffset? Since, string? Remedy)
{
    /// <summary>A part in a condition.</summary>
    public static HealthEntry Of(HealthKind kind, string? ns, string name, Condition condition) =>
        new(kind, ns, name, condition.State, condition.Reason, condition.Since, condition.Remedy);

    /// <summary>Entries with the worst first; equally bad ones keep their order.</summary>
    public static IReadOnlyList<HealthEntry> WorstFirst(IEnumerable<HealthEntry> entries) => [.. entries.OrderByDescending(e => e.State)];
}
