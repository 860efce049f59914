namespace VpnConfinement.Health;

/// <summary>Something that is wrong, or that could not be told.</summary>
/// <param name="State">What it makes of the part that it is about.</param>
/// <param name="Text">What it is and what to do, as a sentence without its full stop.</param>
public sealed record Problem(HealthState State, string Text);
