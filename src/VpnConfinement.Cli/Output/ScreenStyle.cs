namespace VpnConfinement.Cli.Output;

/// <summary>What a screen can show.</summary>
/// <param name="Width">Columns; null for lines of any length, as a file or a pipe takes them.</param>
/// <param name="Colour">Whether marks are coloured.</param>
/// <param name="Ascii">Whether all of it is ASCII.</param>
internal sealed record ScreenStyle(int? Width, bool Colour, bool Ascii);
