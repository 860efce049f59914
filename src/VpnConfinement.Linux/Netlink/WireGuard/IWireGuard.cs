using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>One WireGuard device, the kernel's or a userspace one: same configuration, same result.</summary>
internal interface IWireGuard : IDisposable
{
    /// <summary>What the device is now.</summary>
    WireGuardDevice Read();

    /// <summary>
    /// Makes the device what the configuration says. Peers that stay as they are keep their sessions; those with another key or endpoint lose theirs, so
    /// that a handshake shows whether the new one is right (<see cref="WireGuardDevice.Renewed"/>); peers that are not in it are removed.
    /// </summary>
    /// <param name="config">The whole configuration.</param>
    /// <param name="current">What <see cref="Read"/> returned just before.</param>
    void Apply(WireGuardConfig config, WireGuardDevice current);

    /// <summary>Changes where a peer is, and nothing else. A peer that the device does not have is not made.</summary>
    void SetEndpoint(PublicKey publicKey, IPEndPoint endpoint);
}
