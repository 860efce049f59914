namespace VpnConfinement.Text;

/// <summary>A string.</summary>
public sealed record StringNode(SourceSpan Span, string Value) : Node(Span)
{
    /// <inheritdoc/>
    public override string What => "a string";

    /// <summary>Never the value, which may be a key.</summary>
    public override string ToString() => "(string)";
}
