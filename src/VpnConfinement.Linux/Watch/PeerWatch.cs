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
/// <param name="key">Takes the device's key.</param>
internal sealed class PeerWatch(NamespacePlan plan, TrafficWatch traffic, TunnelKey key) : IDisposable
{
    private IWireGuard? _device;

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
                    key.LookAtNone();
                    traffic.Look(netns, []);
                    return true;
                }

                _device = WireGuardStatus.Open(netns.Handle, record);
            }

            using var now = _device.Read();
            traffic.Look(netns, now.Peers);
            key.Look(WireGuardDevice.PublicKeyOf(now));
            return !key.IsRekeyed && !TunnelComparison.OfDevice(plan.WireGuard, TunnelLook.StateOf(now)).Any();
        }
        catch (SystemFailure)
        {
            // Gone, or another one by now: a whole look tells.
            key.LookAtNone();
            Reopen();
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Reopen();
}
