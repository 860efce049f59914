namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>A change of what is applied, and who is concerned by it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="From">The configuration before; null is none, with every service running unconfined.</param>
/// <param name="To">The configuration after; null is none.</param>
public sealed record FaultChange(string Id, FaultConfig? From, FaultConfig? To)
{
    private static readonly FaultConfig Base = new("first", 9091);
    private static readonly FaultConfig OtherPort = Base with { Port = 9092 };
    private static readonly string[] Unconfirmed = ["apply", "--confirm", "600", "--no-wait"];

    /// <summary>The command line that applies a configuration.</summary>
    public static IReadOnlyList<string> Apply { get; } = ["apply", "--allow-unconfine", "--no-wait"];

    /// <summary>The command line after which nothing is applied.</summary>
    public static IReadOnlyList<string> Remove { get; } = ["remove", "--allow-unconfine"];

    /// <summary>Every change; the order counts for which points a short run takes.</summary>
    public static IReadOnlyList<FaultChange> All { get; } =
    [
        new("first-apply", null, Base),
        new("port", Base, OtherPort),
        new("services", Base, Base with { Other = "second" }),
        new("key", Base, Base with { Works = false }),
        new("remove", Base, null) { Verb = Remove },
        new("apply-confirm", Base, OtherPort) { Verb = Unconfirmed },
        new("rollback", OtherPort, Base) { Verb = ["rollback"], Earlier = Base },
        new("confirm", OtherPort, OtherPort) { Verb = ["confirm"], Earlier = Base, FromVerb = Unconfirmed },
    ];

    /// <summary>Those that are tried: all, or what VPNC_CHANGES names, with a space between two.</summary>
    public static IReadOnlyList<FaultChange> Tried { get; } =
        Environment.GetEnvironmentVariable("VPNC_CHANGES") is { Length: > 0 } ids ? [.. ids.Split(' ').Select(Of)] : All;

    /// <summary>The command line that brings it about, with the configuration after it on disk.</summary>
    public IReadOnlyList<string> Verb { get; init; } = Apply;

    /// <summary>What was applied before <see cref="From"/>, where that counts.</summary>
    public FaultConfig? Earlier { get; init; }

    /// <summary>The command line that has applied <see cref="From"/>.</summary>
    public IReadOnlyList<string> FromVerb { get; init; } = Apply;

    public static FaultChange Of(string id) => All.Single(c => c.Id == id);

    /// <summary>The change back, where it is one of the same kind.</summary>
    public FaultChange Back => this with { From = To, To = From };

    /// <summary>Whether it can take turns with the change back: each begins where the other has ended.</summary>
    public bool IsSymmetric => From is not null && To is not null && Earlier is null;

    public bool Before(string service) => From?.Confines(service) ?? false;

    public bool After(string service) => To?.Confines(service) ?? false;

    public override string ToString() => Id;
}
