using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>
/// A stretch of the uplink's capture between two deliberate packets of an unconfined process. Both must have been seen, and none
/// dropped, or the stretch says nothing.
/// </summary>
public sealed class UplinkWatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Laboratory _laboratory;
    private readonly int _start;
    private readonly int _hostStart;

    private UplinkWatch(Laboratory laboratory)
    {
        _laboratory = laboratory;
        SendControl();
        _start = laboratory.Uplink.Count;
        _hostStart = laboratory.Host.Count;
    }

    public static UplinkWatch Begin(Laboratory laboratory) => new(laboratory);

    /// <summary>Ends the stretch and gives its packets without the control.</summary>
    public IReadOnlyList<Packet> End()
    {
        SendControl();
        var dropped = _laboratory.Uplink.Dropped + _laboratory.Host.Dropped;
        return dropped == 0
            ? [.. _laboratory.Uplink.Since(_start).Where(packet => !UplinkPolicy.IsControl(packet))]
            : throw new InvalidOperationException($"the capture lost {dropped} packets");
    }

    /// <summary>Ends the stretch: passes when it held nothing but the tunnel.</summary>
    public Verdict EndWithTunnelOnly(string detail)
    {
        var packets = End();
        var stray = packets.Where(packet => !UplinkPolicy.IsTunnel(packet) && !UplinkPolicy.IsUpkeep(packet)).Concat(StrayOnHost()).ToList();
        var tunnel = packets.Count(UplinkPolicy.IsTunnel);
        return stray.Count == 0
            ? Verdict.Pass($"{detail}; {tunnel} packets, all of them the tunnel's")
            : Verdict.Fail($"{detail}; {stray.Count} packets are not the tunnel's, first: {stray[0]}");
    }

    /// <summary>Ends the stretch: passes when the machine sent nothing at all.</summary>
    public Verdict EndWithSilence(string detail)
    {
        var sent = End().Where(packet => !packet.Outgoing && !UplinkPolicy.IsUpkeep(packet)).Concat(StrayOnHost()).ToList();
        return sent.Count == 0 ? Verdict.Pass(detail) : Verdict.Fail($"{detail}; the machine sent {sent.Count} packets, first: {sent[0]}");
    }

    // Inside the machine's own network: what a confined process may never send over the host link, or be seen as on any other.
    private IEnumerable<Packet> StrayOnHost() => _laboratory.Host.Since(_hostStart).Where(packet =>
        (packet.Interface.StartsWith("vh-", StringComparison.Ordinal) && !packet.Outgoing && packet.Kind != PacketKind.Arp)
        || Addresses.TunnelAddress.Equals(packet.Source));

    private void SendControl()
    {
        var before = _laboratory.Uplink.Count;
        var sent = _laboratory.Ordinary.Send(Addresses.Web, UplinkPolicy.ControlPort);
        if (!sent.Ok || !_laboratory.Uplink.WaitFor(before, UplinkPolicy.IsControl, Patience))
        {
            throw new InvalidOperationException($"the capture did not see a packet sent on purpose ({sent})");
        }
    }
}
