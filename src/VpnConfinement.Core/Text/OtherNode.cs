namespace VpnConfinement.Text;

/// <summary>A value of a kind that no option has: a fraction, a date, null.</summary>
public sealed record OtherNode(SourceSpan Span, string Kind) : Node(Span)
{
    /// <inheritdoc/>
    public override string What => Kind;
}
