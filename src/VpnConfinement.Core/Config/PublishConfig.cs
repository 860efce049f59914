using VpnConfinement.Text;

namespace VpnConfinement.Config;

/// <summary>An element of <c>namespaces.NAME.publish</c> as written.</summary>
public sealed record PublishConfig
{
    /// <summary>Where the element is.</summary>
    public required SourceSpan Span { get; init; }

    /// <summary><c>listen</c>.</summary>
    public required Located<string>? Listen { get; init; }

    /// <summary><c>to</c>.</summary>
    public required Located<int>? To { get; init; }
}
