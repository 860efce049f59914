namespace VpnConfinement.Text;

/// <summary>A value as it was written, whatever the syntax, with its place.</summary>
/// <param name="Span">Where the value begins.</param>
public abstract record Node(SourceSpan Span)
{
    /// <summary>What it is, as a sentence names it: <c>a string</c>.</summary>
    public abstract string What { get; }
}

/// <summary>A string.</summary>
public sealed record StringNode(SourceSpan Span, string Value) : Node(Span)
{
    /// <inheritdoc/>
    public override string What => "a string";

    /// <summary>Never the value, which may be a key.</summary>
    public override string ToString() => "(string)";
}

/// <summary>A whole number.</summary>
public sealed record IntegerNode(SourceSpan Span, long Value) : Node(Span)
{
    /// <inheritdoc/>
    public override string What => "a whole number";
}

/// <summary>True or false.</summary>
public sealed record BooleanNode(SourceSpan Span, bool Value) : Node(Span)
{
    /// <inheritdoc/>
    public override string What => "true or false";
}

/// <summary>A value of a kind that no option has: a fraction, a date, null.</summary>
public sealed record OtherNode(SourceSpan Span, string Kind) : Node(Span)
{
    /// <inheritdoc/>
    public override string What => Kind;
}

/// <summary>A list.</summary>
public sealed record ArrayNode(SourceSpan Span, List<Node> Items) : Node(Span)
{
    /// <inheritdoc/>
    public override string What => "a list";
}
