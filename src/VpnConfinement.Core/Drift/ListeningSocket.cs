namespace VpnConfinement.Drift;

/// <summary>A place at which a confined socket unit listens.</summary>
/// <param name="Unit">The unit's full name.</param>
/// <param name="Listen">The place as systemd writes it: <c>[::]:8080 (Stream)</c>.</param>
/// <param name="IsInside">Whether that is in its namespace.</param>
public sealed record ListeningSocket(string Unit, string Listen, Observation<bool> IsInside);
