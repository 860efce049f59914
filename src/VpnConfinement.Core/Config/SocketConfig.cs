using VpnConfinement.Model;

namespace VpnConfinement.Config;

/// <summary><c>sockets.NAME.vpn</c> as written.</summary>
public sealed record SocketConfig : UnitConfig
{
    /// <inheritdoc/>
    public override string Kind => "socket";

    /// <inheritdoc/>
    public override UnitName? Unit => UnitName.TryParseSocket(Name.Value, out var unit) ? unit : null;
}
