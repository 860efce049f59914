using VpnConfinement.Model;

namespace VpnConfinement.Config;

/// <summary><c>services.NAME.vpn</c> as written.</summary>
public sealed record ServiceConfig : UnitConfig
{
    /// <inheritdoc/>
    public override string Kind => "service";

    /// <inheritdoc/>
    public override UnitName? Unit => UnitName.TryParseService(Name.Value, out var unit) ? unit : null;

    /// <summary><c>hardeningProfile</c>.</summary>
    public required Located<HardeningProfile>? Hardening { get; init; }

    /// <summary><c>extraAddressFamilies</c>.</summary>
    public required IReadOnlyList<Located<string>> ExtraAddressFamilies { get; init; }

    /// <summary><c>runPaths</c>.</summary>
    public required IReadOnlyList<Located<string>> RunPaths { get; init; }

    /// <summary><c>writePaths</c>.</summary>
    public required IReadOnlyList<Located<string>> WritePaths { get; init; }

    /// <summary><c>allowJit</c>.</summary>
    public required bool AllowJit { get; init; }

    /// <summary><c>restrictBind</c>.</summary>
    public required Located<bool>? RestrictBind { get; init; }

    /// <summary><c>allowRootInHighAssurance</c>.</summary>
    public required bool AllowRootInHighAssurance { get; init; }

    /// <summary><c>capabilities</c>.</summary>
    public required IReadOnlyList<Located<string>> Capabilities { get; init; }

    /// <summary><c>allow</c>.</summary>
    public required IReadOnlyList<Located<IsolationOptOut>> Allow { get; init; }

    /// <summary><c>onTunnelLoss</c>.</summary>
    public required OnTunnelLoss OnTunnelLoss { get; init; }
}
