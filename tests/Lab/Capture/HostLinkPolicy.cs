using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using VpnConfinement.Lab.Interop;

namespace VpnConfinement.Lab.Capture;

/// <summary>The links of the machine besides its uplink: its loopback, and its ends of host links.</summary>
internal static class HostLinkPolicy
{
    private const string Prefix = "vh-";

    // Headers of IP and ICMP, then of the refused packet, IP and UDP, and its "control".
    private const int RefusedControlLength = 20 + 8 + 20 + 8 + 7;

    public static IPEndPoint LoopbackControl { get; } = new(IPAddress.Loopback, UplinkPolicy.ControlPort);

    public static bool IsHostLink(Packet packet) => packet.Interface.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>A packet sent on purpose, to show that the capture works, or what a namespace without its ruleset answers to it: that nobody is there.</summary>
    public static bool IsControl(Packet packet) => (packet.Kind == PacketKind.Udp && packet.DestinationPort == UplinkPolicy.ControlPort
        && (packet.Interface == "lo" ? packet.SourcePort == UplinkPolicy.ControlPort : !IsHostLink(packet) || packet.Outgoing))
        || (IsHostLink(packet) && packet is { Outgoing: false, Kind: PacketKind.Icmp, SourcePort: 3, DestinationPort: 3, Length: RefusedControlLength });

    /// <summary>The host links, with the address of their other end: the one other address of a /30.</summary>
    public static IReadOnlyList<(string Link, IPAddress OtherEnd)> Links(NetworkNamespace machine) => machine.Inside(() =>
        NetworkInterface.GetAllNetworkInterfaces().Where(link => link.Name.StartsWith(Prefix, StringComparison.Ordinal))
            .SelectMany(link => link.GetIPProperties().UnicastAddresses.Where(a => a.Address.AddressFamily == AddressFamily.InterNetwork).Select(a => (link.Name, OtherEnd(a.Address)))).ToList());

    private static IPAddress OtherEnd(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        bytes[3] ^= 3;
        return new IPAddress(bytes);
    }
}
