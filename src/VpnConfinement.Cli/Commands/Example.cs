namespace VpnConfinement.Cli.Commands;

/// <summary>A line to type.</summary>
/// <param name="Line">The line, for a shell.</param>
/// <param name="Note">What it is for; empty where the line says it.</param>
internal sealed record Example(string Line, string Note = "");
