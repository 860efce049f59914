namespace VpnConfinement.Doctor;

/// <summary>The host's clock, and the latest time that the host has written down.</summary>
/// <param name="Now">What the clock says.</param>
/// <param name="Latest">The latest time at which one of some files was changed.</param>
/// <param name="File">That file.</param>
public sealed record ClockReading(DateTimeOffset Now, DateTimeOffset Latest, string File);
