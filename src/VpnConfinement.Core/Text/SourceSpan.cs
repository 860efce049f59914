namespace VpnConfinement.Text;

/// <summary>A place in a source text. Lines and columns count from 1; columns count UTF-16 code units, tabs as one.</summary>
/// <param name="File">The path or name under which the text was read, as shown to the user.</param>
/// <param name="Line">Line of the first character, from 1; 0 when the place is the file as a whole.</param>
/// <param name="Column">Column of the first character, from 1; 0 when the place is the file as a whole.</param>
/// <param name="Length">Characters on that line that the place covers; at least 1 where <paramref name="Line"/> is not 0.</param>
public readonly record struct SourceSpan(string File, int Line, int Column, int Length = 1)
{
    /// <summary>The file as a whole.</summary>
    public static SourceSpan WholeFile(string file) => new(file, 0, 0, 0);

    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
