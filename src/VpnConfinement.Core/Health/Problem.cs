using VpnConfinement.Drift;

namespace VpnConfinement.Health;

/// <summary>Something that is wrong, or that could not be told.</summary>
/// <param name="State">What it makes of the part that it is about.</param>
/// <param name="Text">What it is, as a sentence without its full stop.</param>
/// <param name="Remedy">What to type next, as a clause; null where the text says it.</param>
public sealed record Problem(HealthState State, string Text, string? Remedy = null)
{
    /// <summary>The text and what to type next.</summary>
    public string Line => Remedy is null ? Text : $"{Text}; {Remedy}";

    /// <summary>Whether it is known to be wrong with the tunnel, and a repair makes the tunnel anew.</summary>
    public bool IsOfTunnel { get; init; }

    /// <summary>One of what drifted. A guard that is not as it was applied may let something through.</summary>
    public static Problem Of(DriftEntry drift) => new(StateOf(drift), drift.Text, drift.Remedy)
    {
        IsOfTunnel = drift is { IsUnknown: false, Part: { Repair: PartRepair.Tunnel, IsGuard: false } },
    };

    /// <summary>What is left of it where no unit needs the tunnel: the next start of a service makes that anew.</summary>
    public Problem WithTunnelUnneeded() => !IsOfTunnel ? this
        : this with { State = HealthState.Idle, Text = $"{Text}, and no unit needs the tunnel", Remedy = null };

    private static HealthState StateOf(DriftEntry drift) =>
        drift.IsUnknown ? HealthState.Unknown
        : drift.Part is { IsGuard: true } ? HealthState.Open
        : drift.Part == PartList.Netns || drift.Part == PartList.Published ? HealthState.Failed
        : drift.Part == PartList.Birthplace ? HealthState.Blocked
        : HealthState.Degraded;
}
