namespace VpnConfinement.Drift;

/// <summary>What was seen of a thing, or why it could not be seen.</summary>
/// <typeparam name="T">What is seen; its null, where it has one, is absence.</typeparam>
public abstract record Observation<T>
{
    private Observation()
    {
    }

    /// <summary>It was seen.</summary>
    /// <param name="Value">As what.</param>
    public sealed record Known(T Value) : Observation<T>;

    /// <summary>It could not be seen.</summary>
    /// <param name="Reason">Why, in the words of what was asked.</param>
    public sealed record Unknown(string Reason) : Observation<T>;

    /// <summary>It was seen, and nothing is known that it could be held against.</summary>
    /// <param name="Reason">Why, as a phrase.</param>
    public sealed record Unproven(string Reason) : Observation<T>;
}
