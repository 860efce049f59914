using VpnConfinement.Model;

namespace VpnConfinement.Config;

/// <summary>A table that confines a unit, as written: what those of services and sockets have in common.</summary>
public abstract record UnitConfig
{
    /// <summary>The name, unchecked, with or without suffix.</summary>
    public required Located<string> Name { get; init; }

    /// <summary><c>enable</c>; a table that is present is enabled.</summary>
    public required bool Enable { get; init; }

    /// <summary><c>namespace</c>.</summary>
    public required Located<string>? Namespace { get; init; }

    /// <summary>Suffix of the unit without its dot: <c>service</c> or <c>socket</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The option path of this table.</summary>
    public string Path => $"{Kind}s.{Name.Value}.vpn";

    /// <summary>The same as it is written in TOML, with quotes where the name needs them.</summary>
    public string InToml => $"{Kind}s.{TomlKey.Of(Name.Value)}.vpn";

    /// <summary>The unit that the name is of; null where it is none of this kind.</summary>
    public abstract UnitName? Unit { get; }
}
