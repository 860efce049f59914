namespace VpnConfinement.Config;

/// <summary><c>sockets.NAME.vpn</c> as written.</summary>
public sealed record SocketConfig
{
    /// <summary>The name, unchecked, with or without suffix.</summary>
    public required Located<string> Name { get; init; }

    /// <summary><c>enable</c>; a table that is present is enabled.</summary>
    public required bool Enable { get; init; }

    /// <summary><c>namespace</c>.</summary>
    public required Located<string>? Namespace { get; init; }

    /// <summary>The option path of this table.</summary>
    public string Path => $"sockets.{Name.Value}.vpn";

    /// <summary>The same as it is written in TOML, with quotes where the name needs them.</summary>
    public string InToml => $"sockets.{TomlKey.Of(Name.Value)}.vpn";
}
