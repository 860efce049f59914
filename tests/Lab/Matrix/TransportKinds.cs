using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Worlds;
using static VpnConfinement.Lab.Matrix.TrafficKinds;

namespace VpnConfinement.Lab.Matrix;

/// <summary>Protocols besides TCP and UDP over IPv4, where a process without privileges can have them.</summary>
internal static class TransportKinds
{
    public static IReadOnlyList<TrafficKind> All { get; } =
    [
        new("udplite", "S-3 S-6", Fate.Tunnel, Send(Addresses.Web, 47010) with { Protocol = Libc.IPPROTO_UDPLITE }),
        new("mptcp", "S-3 S-6", Fate.Tunnel, Connect(Addresses.Web, 80) with { Protocol = Libc.IPPROTO_MPTCP }) { MayBeAbsent = true },
        new("sctp", "S-3 S-6", Fate.Tunnel, Connect(Addresses.Web, 47011) with { Protocol = Libc.IPPROTO_SCTP }) { MayBeAbsent = true },
        new("dccp", "S-3 S-6", Fate.Tunnel, Connect(Addresses.Web, 47012) with { Protocol = Libc.IPPROTO_DCCP }) { MayBeAbsent = true },
        new("ipv6-all-nodes", "S-3", Fate.Unheard, Send("ff02::1", 47013) with { Device = Place.Tunnel }) { Unconfined = Send("ff02::1", 47013) with { Device = Addresses.UplinkName } },
        new("ipv6-all-nodes-host-link", "S-3 S-5", Fate.Unheard, Send("ff02::1", 47014) with { Device = Place.HostLink }) { Unconfined = Send("ff02::1", 47014) with { Device = Addresses.UplinkName } },
        new("ipv6-link-local", "S-3", Fate.Closed, Send("fe80::1", 47015) with { Device = Place.Tunnel })
        {
            Unconfined = Send("ff02::1", 47015) with { Device = Addresses.UplinkName },
        },
        new("ipv6-link-local-host-link", "S-3 S-5", Fate.Closed, Send("fe80::1", 47016) with { Device = Place.HostLink })
        {
            Unconfined = Send("ff02::1", 47016) with { Device = Addresses.UplinkName },
        },
        new("metadata-udp", "S-3", Fate.Refused, Send("169.254.169.254", 47017)),
        new("vsock", "S-3", Fate.Closed, new(AgentOperation.Open) { Family = Libc.AF_VSOCK }) { OfRoot = Fate.Unheard, MayBeAbsent = true },
        new("crypto-socket", "S-3", Fate.Closed, new(AgentOperation.Open) { Family = Libc.AF_ALG }) { OfRoot = Fate.Unheard, MayBeAbsent = true },
        new("xdp-socket", "S-3", Fate.Closed, new(AgentOperation.Open) { Family = Libc.AF_XDP }) { OfRoot = Fate.Unheard, MayBeAbsent = true },
        new("packet-socket", "S-3", Fate.Closed, new(AgentOperation.Open) { Family = Libc.AF_PACKET }) { OfRoot = Fate.Unheard },
    ];
}
