using VpnConfinement.Model;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>What a WireGuard device shall be: the whole of it, to be written. Owns its keys.</summary>
internal sealed record WireGuardConfig : IDisposable
{
    /// <summary>Private key.</summary>
    internal required Secret PrivateKey { get; init; }

    /// <summary>UDP port; null leaves the choice to the device.</summary>
    internal required int? ListenPort { get; init; }

    /// <summary>Firewall mark of the tunnel's own packets; 0 for none.</summary>
    internal required uint FwMark { get; init; }

    /// <summary>All peers.</summary>
    internal required IReadOnlyList<WireGuardPeerConfig> Peers { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        PrivateKey.Dispose();
        foreach (var peer in Peers)
        {
            peer.PresharedKey?.Dispose();
        }
    }
}
