using System.Net;
using System.Net.Sockets;
using System.Text;
using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>
/// A stretch of the captures between deliberate packets from the machine's own network: one on the uplink, one on its loopback and one on each host
/// link. All must have been seen, and none dropped, or the stretch says nothing.
/// </summary>
public sealed class UplinkWatch
{
    private static readonly TimeSpan Patience = LabHost.Patience(20);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);

    // Of packets that a failure names.
    private const int Most = 8;

    private readonly Laboratory _laboratory;
    private readonly int _start;
    private readonly int _hostStart;

    private UplinkWatch(Laboratory laboratory)
    {
        _laboratory = laboratory;
        Settle();
        SendControls();
        _start = laboratory.Uplink.Count;
        _hostStart = laboratory.Host.Count;
    }

    public static UplinkWatch Begin(Laboratory laboratory) => new(laboratory);

    /// <summary>Waits until the stretch has a packet that the machine sent into the tunnel.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public void WaitForTunnel()
    {
        if (!_laboratory.Uplink.WaitFor(_start, p => UplinkPolicy.IsTunnel(p) && !p.Outgoing, LabHost.Patience(60)))
        {
            throw new InvalidOperationException(
                $"the machine sends nothing into the tunnel; seen: {List(_laboratory.Uplink.Since(_start))}");
        }
    }

    /// <summary>Ends the stretch and gives the uplink's packets without the control.</summary>
    public IReadOnlyList<Packet> End()
    {
        SendControls();
        RequireWhole(_laboratory);
        return [.. _laboratory.Uplink.Since(_start).Where(packet => !UplinkPolicy.IsControl(packet))];
    }

    /// <summary>Ends the stretch: passes when it held nothing but the tunnel.</summary>
    public Verdict EndWithTunnelOnly(string detail)
    {
        var packets = End();
        var stray = Stray(packets);
        var tunnel = packets.Count(UplinkPolicy.IsTunnel);
        return stray.Count == 0
            ? Verdict.Pass($"{detail}; {tunnel} packets, all of them the tunnel's")
            : Verdict.Fail($"{detail}; {stray.Count} packets are not the tunnel's: {List(stray)}");
    }

    /// <summary>Ends the stretch, which held nothing but the tunnel.</summary>
    /// <exception cref="InvalidOperationException">It held more.</exception>
    public void RequireTunnelOnly(string detail)
    {
        var verdict = EndWithTunnelOnly(detail);
        if (verdict.Outcome != Outcome.Pass)
        {
            throw new InvalidOperationException(verdict.Detail);
        }
    }

    /// <summary>Ends the stretch and gives what was neither the tunnel nor upkeep, on every link.</summary>
    public IReadOnlyList<Packet> EndStray() => Stray(End());

    /// <summary>Ends the stretch: passes when the machine sent nothing at all.</summary>
    public Verdict EndWithSilence(string detail)
    {
        var sent = End().Where(packet => !packet.Outgoing && !UplinkPolicy.IsUpkeep(packet)).Concat(StrayOnHost()).ToList();
        return sent.Count == 0
            ? Verdict.Pass(detail)
            : Verdict.Fail($"{detail}; the machine sent {sent.Count} packets: {List(sent)}");
    }

    /// <summary>
    /// Ends the stretch and gives what was seen of a service that can make packets by hand, where that must not be: nothing keeps them from the host
    /// link, so it is the machine that may not heed them, by passing them on or by an answer.
    /// </summary>
    public IReadOnlyList<Packet> EndHeeded()
    {
        var packets = End();
        return [.. UplinkPolicy.Stray(packets), .. OnHost().Where(packet =>
            packet.Interface == "lo" || (HostLinkPolicy.IsHostLink(packet) && packet.Outgoing && packet.Kind != PacketKind.Arp && !UplinkPolicy.IsUnasked(packet)))];
    }

    /// <summary>The captures lost nothing.</summary>
    internal static void RequireWhole(Laboratory laboratory)
    {
        var dropped = laboratory.Uplink.Dropped + laboratory.Host.Dropped;
        if (dropped != 0)
        {
            throw new InvalidOperationException($"the capture lost {dropped} packets");
        }
    }

    private static string List(IReadOnlyList<Packet> packets) =>
        string.Join("; ", packets.Take(Most)) + (packets.Count > Most ? "; ..." : "");

    // The end of a connection that an unconfined process made before the stretch is none of it. Whatever goes on for
    // longer than the patience is in the stretch.
    private void Settle()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        bool isQuiet;
        do
        {
            var (uplink, host) = (_laboratory.Uplink.Count, _laboratory.Host.Count);
            Thread.Sleep(Moment);
            isQuiet = !UplinkPolicy.Stray(_laboratory.Uplink.Since(uplink)).Any()
                && !_laboratory.Host.Since(host).Any(packet => packet.Interface == "lo");
        }
        while (!isQuiet && clock.Elapsed < LabHost.Patience(5));
    }

    private List<Packet> Stray(IReadOnlyList<Packet> packets) => [.. UplinkPolicy.Stray(packets), .. StrayOnHost()];

    // Inside the machine's own network: what a confined process may never send over the host link, or be seen as on any other.
    private IEnumerable<Packet> StrayOnHost() => OnHost().Where(packet =>
        packet.Interface == "lo" || (HostLinkPolicy.IsHostLink(packet) && !packet.Outgoing && packet.Kind != PacketKind.Arp)
        || (Addresses.TunnelAddress.Equals(packet.Source) && (packet.Outgoing || !packet.Interface.StartsWith(Addresses.UplinkName, StringComparison.Ordinal))));

    private IEnumerable<Packet> OnHost() => _laboratory.Host.Since(_hostStart).Where(packet => !HostLinkPolicy.IsControl(packet) && !UplinkPolicy.IsOwnWordOfTunnel(packet));

    private void SendControls()
    {
        Require(_laboratory.Uplink, new IPEndPoint(Addresses.Web, UplinkPolicy.ControlPort), UplinkPolicy.IsControl);
        Require(_laboratory.Host, HostLinkPolicy.LoopbackControl, packet => packet.Interface == "lo" && HostLinkPolicy.IsControl(packet));
        foreach (var (link, address) in HostLinkPolicy.Links(_laboratory.HostPlace))
        {
            // The capture knows a link by the name that it had first. A namespace may go down just then, and its link
            // with it.
            Require(
                _laboratory.Host,
                new IPEndPoint(address, UplinkPolicy.ControlPort),
                packet => HostLinkPolicy.IsHostLink(packet) && address.Equals(packet.Destination),
                link);
        }
    }

    // Sent again where it is not seen: a link that is just coming up takes none yet.
    private void Require(Sniffer capture, IPEndPoint target, Func<Packet, bool> isIt, string? link = null)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var before = capture.Count;
        while (link is null || HostLinkPolicy.Links(_laboratory.HostPlace).Any(l => l.Link == link))
        {
            Send(target, link);
            if (capture.WaitFor(before, isIt, Moment))
            {
                return;
            }

            if (clock.Elapsed > Patience)
            {
                var seen = List(capture.Since(before));
                throw new InvalidOperationException(
                    $"the capture did not see a packet sent on purpose to {target}, but: {seen}");
            }
        }
    }

    private void Send(IPEndPoint target, string? link)
    {
        using var socket = Sockets.Open(_laboratory.HostPlace, AddressFamily.InterNetwork, SocketType.Dgram);
        if (IPAddress.IsLoopback(target.Address))
        {
            // To itself, so that nothing answers that nobody is there.
            socket.Bind(target);
        }

        try
        {
            if (link is not null)
            {
                // Once the link is gone it would leave by the uplink.
                socket.SetRawSocketOption(Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, Encoding.ASCII.GetBytes(link));
            }

            socket.SendTo("control"u8, target);
        }
        catch (SocketException) when (link is not null)
        {
            // Down, or gone by now.
        }
    }
}
