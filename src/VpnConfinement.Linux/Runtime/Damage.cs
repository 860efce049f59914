namespace VpnConfinement.Linux.Runtime;

/// <summary>What somebody else changed in a namespace that was brought up.</summary>
/// <param name="Part">What of it.</param>
/// <param name="Reason">What is wrong, as a sentence without its full stop.</param>
internal sealed record Damage(DamagedPart Part, string Reason);
