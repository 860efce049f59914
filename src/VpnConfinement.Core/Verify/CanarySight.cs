namespace VpnConfinement.Verify;

/// <summary>A canary on the wire.</summary>
/// <param name="Canary">The canary.</param>
/// <param name="Link">The link on which it was seen.</param>
public sealed record CanarySight(Canary Canary, string Link);
