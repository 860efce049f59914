namespace VpnConfinement.Diagnostics;

/// <summary>The report.</summary>
/// <param name="Ok">Whether the configuration is accepted.</param>
/// <param name="Diagnostics">All findings.</param>
public sealed record CheckReport(bool Ok, IReadOnlyList<CheckFinding> Diagnostics);
