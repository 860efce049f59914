namespace VpnConfinement.Watch;

/// <summary>What systemd says of a unit that a tunnel needs (org.freedesktop.systemd1(5)).</summary>
/// <param name="Active"><c>ActiveState</c>; null where systemd does not tell.</param>
/// <param name="HasJob">Whether a job is queued for it, or under way.</param>
public sealed record UnitNow(string? Active, bool HasJob);
