using System.Security.Cryptography;
using VpnConfinement.Linux.Files;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>What a WireGuard device is, as read from the kernel or from a userspace implementation. Owns the keys that came with it.</summary>
public sealed record WireGuardDevice : IDisposable
{
    /// <summary>Public key in base64, or null where none was shown.</summary>
    public required string? PublicKey { get; init; }

    /// <summary>UDP port in use; 0 for none.</summary>
    public required int ListenPort { get; init; }

    /// <summary>Firewall mark of the tunnel's own packets; 0 for none.</summary>
    public required uint FwMark { get; init; }

    /// <summary>All peers.</summary>
    public required IReadOnlyList<WireGuardPeer> Peers { get; init; }

    /// <summary>Private key, or null where none is set.</summary>
    internal Secret? PrivateKey { get; init; }

    /// <summary>Whether the device is already what a configuration wants. An endpoint that was learned counts only where one is wanted.</summary>
    internal bool Matches(WireGuardConfig config) =>
        HasKey(config.PrivateKey)
        && (config.ListenPort is null || config.ListenPort == ListenPort)
        && FwMark == config.FwMark
        && Peers.Count == config.Peers.Count
        && config.Peers.All(wanted => Peers.Any(peer => peer.Matches(wanted)));

    /// <summary>
    /// Peers that stay, by another key or at another endpoint: their sessions show nothing of that, and end with it. An endpoint that was learned is no
    /// other one where none is wanted.
    /// </summary>
    internal IEnumerable<PublicKey> Renewed(WireGuardConfig config)
    {
        var isOther = PublicKeyOf(this) is not null && !HasKey(config.PrivateKey);
        return config.Peers.Where(wanted => Peers.Any(peer => peer.PublicKey == wanted.PublicKey
                && (isOther || !Same(peer.PresharedKey, wanted.PresharedKey) || (wanted.Endpoint is not null && !wanted.Endpoint.Equals(peer.Endpoint)))))
            .Select(wanted => wanted.PublicKey);
    }

    /// <summary>The peers to remove before a configuration is written: those that it does not have, and those renewed.</summary>
    internal IReadOnlyList<PublicKey> Removed(WireGuardConfig config) =>
        [.. Peers.Select(peer => peer.PublicKey).Except(config.Peers.Select(peer => peer.PublicKey)), .. Renewed(config)];

    /// <summary>Whether it is a device of that private key. By the public ones: a device keeps a private key clamped.</summary>
    internal bool HasKey(Secret privateKey) => PublicKeyOf(this) == PrivateKeyFile.PublicKey(privateKey.Reveal());

    /// <summary>The public key of a device, also of one that shows its private key alone; null where none is set.</summary>
    internal static string? PublicKeyOf(WireGuardDevice device) => device.PublicKey ?? (device.PrivateKey is { } key ? PrivateKeyFile.PublicKey(key.Reveal()) : null);

    /// <summary>Compares keys in constant time; no key and a key of zeros are the same, as they are to WireGuard.</summary>
    internal static bool Same(Secret? one, Secret? other)
    {
        ReadOnlySpan<byte> none = stackalloc byte[Interop.WireGuardConstants.WG_KEY_LEN];
        return CryptographicOperations.FixedTimeEquals(one is null ? none : one.Reveal(), other is null ? none : other.Reveal());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        PrivateKey?.Dispose();
        foreach (var peer in Peers)
        {
            peer.PresharedKey?.Dispose();
        }
    }
}
