namespace VpnConfinement.State;

/// <summary>A word of a unit's setting.</summary>
/// <param name="Text">The word, quotes and escapes undone.</param>
/// <param name="Written">The word as the unit has it.</param>
internal readonly record struct UnitWord(string Text, string Written);
