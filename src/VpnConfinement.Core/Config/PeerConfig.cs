using VpnConfinement.Text;

namespace VpnConfinement.Config;

/// <summary>An element of <c>peers</c> as written.</summary>
public sealed record PeerConfig
{
    /// <summary>Where it stands.</summary>
    public required SourceSpan Span { get; init; }

    /// <summary><c>publicKey</c>.</summary>
    public required Located<string>? PublicKey { get; init; }

    /// <summary><c>presharedKey</c>, inline.</summary>
    public required Located<SecretText>? PresharedKey { get; init; }

    /// <summary><c>presharedKeyFile</c>.</summary>
    public required Located<string>? PresharedKeyFile { get; init; }

    /// <summary><c>endpoint</c>.</summary>
    public required Located<string>? Endpoint { get; init; }

    /// <summary><c>allowedIPs</c>.</summary>
    public required IReadOnlyList<Located<string>> AllowedIPs { get; init; }

    /// <summary><c>persistentKeepalive</c> in seconds; 0 for off.</summary>
    public required Located<int>? PersistentKeepalive { get; init; }

    /// <summary><c>dynamicEndpointRefreshSeconds</c>.</summary>
    public required Located<int>? RefreshSeconds { get; init; }
}
