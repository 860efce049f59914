namespace VpnConfinement.Text;

/// <summary>One text the user wrote, with the name to show for it.</summary>
/// <param name="File">Path or name shown in findings.</param>
/// <param name="Content">The whole text.</param>
public sealed record SourceText(string File, string Content);
