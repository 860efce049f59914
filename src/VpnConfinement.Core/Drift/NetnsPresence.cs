namespace VpnConfinement.Drift;

/// <summary>What there is of a netns.</summary>
public abstract record NetnsPresence
{
    private NetnsPresence()
    {
    }

    /// <summary>It has its name, and is ours.</summary>
    public sealed record Up : NetnsPresence;

    /// <summary>It was not brought up.</summary>
    public sealed record Down : NetnsPresence;

    /// <summary>It was brought up, and its name is gone or another's.</summary>
    /// <param name="Reason">Which of the two, as a sentence without its full stop.</param>
    public sealed record Lost(string Reason) : NetnsPresence;

    /// <summary>It cannot be told.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Unknown(string Reason) : NetnsPresence;
}
