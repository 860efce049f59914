using VpnConfinement.Drift;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Looks at the peers of the tunnel from time to time: WireGuard tells nobody when they are changed (no multicast group in linux/wireguard.h), and
/// only their counters say whether somebody answers.
/// </summary>
/// <param name="plan">The plan of the namespace.</param>
/// <param name="traffic">Judges whether they answer.</param>
internal sealed class PeerWatch(NamespacePlan plan, TrafficWatch traffic) : IDisposable
{
    private IWireGuard? _device;
    private string? _publicKey;

    /// <summary>Whether the device got another private key while it was looked at: then that is held against its file, until <see cref="Settle"/>.</summary>
    internal bool IsRekeyed { get; private set; }

    /// <summary>Takes the key that the device has by now for the right one.</summary>
    internal void Settle() => IsRekeyed = false;

    /// <summary>Forgets the device: it may be another one now.</summary>
    internal void Reopen()
    {
        _device?.Dispose();
        _device = null;
    }

    /// <summary>Looks.</summary>
    /// <returns>Whether the device is as planned, and no other key was set; true where there is no tunnel.</returns>
    internal bool Look(WatchedNetns netns)
    {
        try
        {
            if (_device is null)
            {
                if (WireGuardRecord.Load(plan.Namespace) is not { } record)
                {
                    traffic.Look(netns, []);
                    return true;
                }

                _device = WireGuardStatus.Open(netns.Handle, record);
            }

            using var now = _device.Read();
            traffic.Look(netns, now.Peers);
            var publicKey = WireGuardDevice.PublicKeyOf(now);
            IsRekeyed |= _publicKey is not null && publicKey != _publicKey;
            _publicKey = publicKey;
            return !IsRekeyed && !TunnelComparison.OfDevice(plan.WireGuard, TunnelLook.StateOf(now)).Any();
        }
        catch (SystemFailure)
        {
            // Gone, or another one by now: a whole look tells.
            Reopen();
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Reopen();
}
