namespace VpnConfinement.Text;

/// <summary>One sample of a family.</summary>
/// <param name="Value">The value.</param>
/// <param name="Labels">Name and value of each label; values may hold any text.</param>
public sealed record ExpositionSample(double Value, params IReadOnlyList<(string Name, string Value)> Labels);
