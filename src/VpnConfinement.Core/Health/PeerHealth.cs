namespace VpnConfinement.Health;

/// <summary>What can be told of a WireGuard peer without asking anybody else.</summary>
public enum PeerHealth
{
    /// <summary>Nothing is sent to it, so nothing is known.</summary>
    Idle,

    /// <summary>Its last handshake is recent enough for its session to be used.</summary>
    Answering,

    /// <summary>Packets are sent to it and it does not answer.</summary>
    Silent,
}
