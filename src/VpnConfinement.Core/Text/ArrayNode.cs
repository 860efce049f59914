namespace VpnConfinement.Text;

/// <summary>A list.</summary>
public sealed record ArrayNode(SourceSpan Span, List<Node> Items) : Node(Span)
{
    /// <inheritdoc/>
    public override string What => "a list";
}
