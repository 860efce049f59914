namespace VpnConfinement.Config;

/// <summary><c>wireguard.interfaces.NAME</c> as written.</summary>
public sealed record InterfaceConfig
{
    /// <summary>The name, unchecked.</summary>
    public required Located<string> Name { get; init; }

    /// <summary><c>ips</c>.</summary>
    public required IReadOnlyList<Located<string>> Addresses { get; init; }

    /// <summary><c>privateKeyFile</c>.</summary>
    public required Located<string>? PrivateKeyFile { get; init; }

    /// <summary><c>privateKey</c>, inline.</summary>
    public required Located<SecretText>? PrivateKey { get; init; }

    /// <summary><c>listenPort</c>.</summary>
    public required Located<int>? ListenPort { get; init; }

    /// <summary><c>mtu</c>, in bytes.</summary>
    public required Located<int>? Mtu { get; init; }

    /// <summary><c>fwMark</c>; 0 for none.</summary>
    public required Located<uint>? FwMark { get; init; }

    /// <summary><c>allowedIPsAsRoutes</c>.</summary>
    public required Located<bool>? AllowedIPsAsRoutes { get; init; }

    /// <summary><c>generatePrivateKeyFile</c>.</summary>
    public required Located<bool>? GeneratePrivateKeyFile { get; init; }

    /// <summary><c>interfaceNamespace</c>.</summary>
    public required Located<string>? InterfaceNamespace { get; init; }

    /// <summary><c>socketNamespace</c>.</summary>
    public required Located<string>? SocketNamespace { get; init; }

    /// <summary><c>dynamicEndpointRefreshSeconds</c>.</summary>
    public required Located<int>? RefreshSeconds { get; init; }

    /// <summary><c>peers</c>.</summary>
    public required IReadOnlyList<PeerConfig> Peers { get; init; }
}
