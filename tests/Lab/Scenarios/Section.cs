namespace VpnConfinement.Lab.Scenarios;

/// <summary>Steps that belong together, under a heading.</summary>
public sealed record Section(string Heading, IReadOnlyList<Step> Steps);
