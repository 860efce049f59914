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
}
