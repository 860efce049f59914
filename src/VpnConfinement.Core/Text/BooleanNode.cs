namespace VpnConfinement.Text;

/// <summary>True or false.</summary>
public sealed record BooleanNode(SourceSpan Span, bool Value) : Node(Span)
{
    /// <inheritdoc/>
    public override string What => "true or false";
}
