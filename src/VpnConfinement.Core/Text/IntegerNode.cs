namespace VpnConfinement.Text;

/// <summary>A whole number.</summary>
public sealed record IntegerNode(SourceSpan Span, long Value) : Node(Span)
{
    /// <inheritdoc/>
    public override string What => "a whole number";
}
