using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Tests.Policy;
using VpnConfinement.Linux.Tests.Root;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>
/// A throw-away netns with a TUN device in the tunnel's name, a veth as host link and one more TUN device that should not be there. Its kernel
/// settings let everything through that they can, forwarding and IPv6 included, so that only the ruleset refuses.
/// </summary>
internal sealed class PacketLab : IDisposable
{
    internal const string Tunnel = "wg0", HostLink = "vn0", Other = "tun9";

    /// <summary>The mark of everything that a probe sends.</summary>
    internal const uint Mark = 0x77;

    private const string Ns = "packets", Host = "packetshost";

    // What the kernel itself answers (resets, unreachables, neighbour discovery) would only be noise, and end the flows under test.
    private const string Silence = """
        table inet instrument {
          chain output { type filter hook output priority -300; policy accept; oifname "lo" accept; meta mark != 0x77 drop; }
          chain track { type filter hook output priority -290; policy accept; ct state new accept; }
        }
        """;

    private static readonly byte[] Protocols =
    [
        PacketWriter.Icmp, PacketWriter.IpIp, PacketWriter.Tcp, PacketWriter.Udp, PacketWriter.Dccp, PacketWriter.SixInFour, PacketWriter.Gre,
        PacketWriter.Esp, PacketWriter.IcmpV6, PacketWriter.Sctp, PacketWriter.UdpLite,
    ];

    private readonly SafeFileHandle _netns;
    private readonly Dictionary<(InterfaceRole, bool), SafeFileHandle> _senders = [];
    private readonly Dictionary<(byte, bool), SafeFileHandle> _receivers = [];
    private readonly Dictionary<InterfaceRole, SafeFileHandle> _wires = [];
    private readonly byte[] _buffer = new byte[4096];

    internal PacketLab()
    {
        Sandbox.Require();
        Dispose();
        Shell.Run($"ip netns add {Ns} && ip netns add {Host} && ip link add vh0 netns {Host} type veth peer name {HostLink} netns {Ns}");
        _netns = Kernel.Open($"/run/netns/{Ns}", LibcConstants.O_RDONLY | LibcConstants.O_CLOEXEC);
        NetnsThread.Run(_netns, () =>
        {
            _wires[InterfaceRole.Tunnel] = RawCalls.Tun(Tunnel);
            _wires[InterfaceRole.Other] = RawCalls.Tun(Other);
            return true;
        });
        Shell.In(Ns, $"""
            sh -ec '
            cd /proc/sys/net
            for i in all default {Tunnel} {HostLink} {Other}; do
              echo 0 > ipv4/conf/$i/rp_filter; echo 1 > ipv4/conf/$i/accept_local; echo 1 > ipv4/conf/$i/route_localnet; echo 1 > ipv4/conf/$i/forwarding
              echo 0 > ipv6/conf/$i/disable_ipv6; echo 0 > ipv6/conf/$i/accept_ra; echo 0 > ipv6/conf/$i/accept_dad; echo 1 > ipv6/conf/$i/forwarding
            done
            echo 0 > ipv4/icmp_echo_ignore_broadcasts
            for i in {Tunnel} {HostLink} {Other}; do ip link set $i addrgenmode none; done
            ip link set lo up
            ip link set {HostLink} address 02:00:00:00:00:02 arp off up
            ip link set {Tunnel} up
            ip link set {Other} up
            ip addr add 10.64.0.2/24 dev {Tunnel}
            ip addr add fd00:64::2/64 dev {Tunnel} nodad
            ip addr add 10.99.0.2/30 dev {HostLink}
            ip addr add fd00:99::2/64 dev {HostLink} nodad
            ip addr add 10.97.0.2/24 dev {Other}
            ip addr add fd00:97::2/64 dev {Other} nodad
            ip route add default dev {Tunnel}
            ip -6 route add default dev {Tunnel} metric 100
            ip -6 route add default dev {HostLink} metric 200
            ip -6 route add default dev {Other} metric 300
            ip route add 10.98.0.0/24 dev {HostLink}
            ip -6 route add fd00:98::/64 dev {HostLink}
            '
            """.ReplaceLineEndings("\n"));
        var host = Kernel.Open($"/run/netns/{Host}", LibcConstants.O_RDONLY | LibcConstants.O_CLOEXEC);
        Shell.In(Host, "ip link set vh0 addrgenmode none arp off up");
        NetnsThread.Run(host, () =>
        {
            using var netlink = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
            _wires[InterfaceRole.HostLink] = RawCalls.Packets((int)Links.Get(netlink, "vh0").Index);
            return true;
        });
        Shell.In(Ns, $"nft '{Silence}'");
        // The checksums of the tested packets are left out.
        Shell.In(Ns, "sh -c 'echo 0 > /proc/sys/net/netfilter/nf_conntrack_checksum'");
        NetnsThread.Run(_netns, () =>
        {
            foreach (var ipv6 in new[] { false, true })
            {
                _senders[(InterfaceRole.Loopback, ipv6)] = RawCalls.Sender(ipv6, "lo", (int)Mark);
                _senders[(InterfaceRole.Tunnel, ipv6)] = RawCalls.Sender(ipv6, Tunnel, (int)Mark);
                _senders[(InterfaceRole.HostLink, ipv6)] = RawCalls.Sender(ipv6, HostLink, (int)Mark);
                _senders[(InterfaceRole.Other, ipv6)] = RawCalls.Sender(ipv6, Other, (int)Mark);
                foreach (var protocol in Protocols)
                {
                    _receivers[(protocol, ipv6)] = RawCalls.Receiver(ipv6, protocol);
                }
            }

            return true;
        });
        host.Dispose();
    }

    /// <summary>Runs code on a thread inside the netns.</summary>
    internal T Inside<T>(Func<T> work) => NetnsThread.Run(_netns, work);

    /// <summary>Sends a probe's packets on their way and says whether they came through.</summary>
    /// <param name="probe">What to send.</param>
    /// <param name="patience">How long to wait for it.</param>
    internal bool PassesThrough(Probe probe, TimeSpan patience)
    {
        foreach (var packet in probe.Bytes)
        {
            Send(probe, packet);
        }

        var clock = Stopwatch.StartNew();
        while (!Arrived(probe))
        {
            if (clock.Elapsed >= patience)
            {
                return false;
            }

            Thread.Yield();
        }

        return true;
    }

    /// <summary>Whether a packet with the probe's tag waits at the place where it should come out.</summary>
    internal bool Arrived(Probe probe)
    {
        if (probe.Packet.Direction == PacketDirection.Forward)
        {
            return Find(_wires[probe.Exit], probe, probe.Exit == InterfaceRole.HostLink ? 14 : 0);
        }

        return probe.Packet.Direction == PacketDirection.In || probe.Wire == InterfaceRole.Loopback
            ? Find(_receivers[(probe.Packet.Protocol, probe.Packet.IsIPv6)], probe, probe.Packet.IsIPv6 ? -1 : 0)
            : Find(_wires[probe.Wire], probe, probe.Wire == InterfaceRole.HostLink ? 14 : 0);
    }

    /// <summary>Throws away what still waits.</summary>
    internal void Drain()
    {
        foreach (var descriptor in _receivers.Values.Concat(_wires.Values))
        {
            while (RawCalls.Read(descriptor, _buffer) >= 0)
            {
            }
        }
    }

    private void Send(Probe probe, byte[] packet)
    {
        if (probe.Packet.Direction == PacketDirection.Out)
        {
            var error = RawCalls.Send(_senders[(probe.Wire, probe.Packet.IsIPv6)], packet, probe.Packet.Destination);
            probe.LastError = error;
            return;
        }

        RawCalls.Write(
            _wires[probe.Wire],
            probe.Wire == InterfaceRole.HostLink
                ? [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, .. probe.Packet.IsIPv6 ? new byte[] { 0x86, 0xdd } : [8, 0], .. packet]
                : packet);
    }

    private bool Find(SafeFileHandle descriptor, Probe probe, int header)
    {
        var found = false;
        int length;
        while ((length = RawCalls.Read(descriptor, _buffer)) >= 0)
        {
            var bytes = _buffer.AsSpan(0, length);
            found |= bytes.IndexOf(probe.Tag) >= 0 && (header < 0 || IsSame(bytes[header..], probe.Packet));
        }

        return found;
    }

    // An ICMP error about the probe holds its tag too, but has other addresses.
    private static bool IsSame(ReadOnlySpan<byte> bytes, PacketDescription packet)
    {
        var (at, length) = packet.IsIPv6 ? (8, 16) : (12, 4);
        return bytes[0] >> 4 == (packet.IsIPv6 ? 6 : 4)
            && bytes.Slice(at, length).SequenceEqual(packet.Source.GetAddressBytes())
            && bytes.Slice(at + length, length).SequenceEqual(packet.Destination.GetAddressBytes());
    }

    public void Dispose()
    {
        foreach (var descriptor in _senders.Values.Concat(_receivers.Values).Concat(_wires.Values))
        {
            descriptor.Dispose();
        }

        _netns?.Dispose();
        Shell.Try($"ip netns del {Ns}; ip netns del {Host}");
    }
}
