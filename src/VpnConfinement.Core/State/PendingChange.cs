namespace VpnConfinement.State;

/// <summary>A change that goes back by itself unless it is confirmed (<c>apply --confirm</c>).</summary>
/// <param name="BackTo">Number of the generation to go back to.</param>
/// <param name="Seconds">How long it waits, from the end of the change and from each boot.</param>
/// <param name="Until">When that is over, in UTC, unless the host boots meanwhile.</param>
/// <param name="AllowUnconfine">Whether going back may take the confinement of services away.</param>
public sealed record PendingChange(int BackTo, int Seconds, DateTimeOffset Until, bool AllowUnconfine);
