namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>A change of what is applied, and who is concerned by it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="From">The configuration before; null is none, with every service running unconfined.</param>
/// <param name="To">The configuration after; null is none.</param>
public sealed record FaultChange(string Id, FaultConfig? From, FaultConfig? To)
{
    private static readonly FaultConfig Base = new("first", 9091);

    /// <summary>Every change; the order counts for which points a short run takes.</summary>
    public static IReadOnlyList<FaultChange> All { get; } =
    [
        new("first-apply", null, Base),
        new("port", Base, Base with { Port = 9092 }),
        new("services", Base, Base with { Other = "second" }),
        new("key", Base, Base with { Works = false }),
        new("remove", Base, null),
    ];

    public static FaultChange Of(string id) => All.Single(c => c.Id == id);

    /// <summary>The change back, where it is one of the same kind.</summary>
    public FaultChange Back => new(Id, To, From);

    public bool IsSymmetric => From is not null && To is not null;

    public bool Before(string service) => From?.Confines(service) ?? false;

    public bool After(string service) => To?.Confines(service) ?? false;

    public override string ToString() => Id;
}
