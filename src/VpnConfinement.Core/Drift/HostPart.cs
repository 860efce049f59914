namespace VpnConfinement.Drift;

/// <summary>A part of the host: of what <c>apply</c> wrote, and of what systemd makes of that.</summary>
public sealed record HostPart : Part
{
    /// <summary>The differences between what was applied and what was seen; each has its subject.</summary>
    public required Func<HostState, IEnumerable<PartDifference>> Compare { get; init; }
}
