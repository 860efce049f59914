namespace VpnConfinement.Text;

/// <summary>A value as it was written, whatever the syntax, with its place.</summary>
/// <param name="Span">Where the value begins.</param>
public abstract record Node(SourceSpan Span)
{
    /// <summary>What it is, as a sentence names it: <c>a string</c>.</summary>
    public abstract string What { get; }
}
