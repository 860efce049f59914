using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VpnConfinement.Model;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.WireGuardConstants;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>
/// The messages of the kernel's WireGuard. A configuration that does not fit into one is cut between peers and between allowed IPs;
/// a peer that goes on in the next message is named there again without the flag that replaces its allowed IPs. The messages hold keys:
/// whoever asked for them wipes them.
/// </summary>
internal static class KernelMessages
{
    /// <summary>Largest message made; the kernel takes more, but a nest has at most 65535 bytes.</summary>
    internal const int Limit = 32 * 1024;

    // Nest, public key, preshared key, flags, endpoint of IPv6, keepalive, nest of allowed IPs.
    private const int PeerRoom = 4 + 36 + 36 + 8 + 32 + 8 + 4;

    // Nest, family, address of IPv6, prefix length.
    private const int AllowedIPRoom = 4 + 8 + 20 + 8;

    /// <summary>Asks for a device.</summary>
    internal static Span<byte> Get(Span<byte> buffer, ushort family, string name)
    {
        var writer = new NetlinkWriter(buffer, family, NLM_F_DUMP);
        writer.Struct([WG_CMD_GET_DEVICE, WG_GENL_VERSION, 0, 0]);
        writer.Text(WGDEVICE_A_IFNAME, name);
        return writer.Finish();
    }

    /// <summary>The messages that make a device what a configuration says, in order.</summary>
    /// <param name="family">Number of the wireguard family.</param>
    /// <param name="name">Interface name.</param>
    /// <param name="config">What it shall be.</param>
    /// <param name="removed">Public keys of peers that it has and shall not have.</param>
    /// <param name="limit">Largest message in bytes.</param>
    internal static List<byte[]> Set(ushort family, string name, WireGuardConfig config, IReadOnlyList<PublicKey> removed, int limit = Limit)
    {
        var messages = new List<byte[]>();
        var buffer = new byte[limit];
        var writer = Begin(buffer, family, name);
        writer.Bytes(WGDEVICE_A_PRIVATE_KEY, config.PrivateKey.Reveal());
        if (config.ListenPort is { } port)
        {
            writer.U16(WGDEVICE_A_LISTEN_PORT, (ushort)port);
        }

        writer.U32(WGDEVICE_A_FWMARK, config.FwMark);
        var peers = writer.Nest(WGDEVICE_A_PEERS);
        foreach (var key in removed)
        {
            Room(PeerRoom, ref writer, ref peers);
            var peer = writer.Nest(0);
            writer.Bytes(WGPEER_A_PUBLIC_KEY, key.ToBytes());
            writer.U32(WGPEER_A_FLAGS, WGPEER_F_REMOVE_ME);
            writer.End(peer);
        }

        foreach (var wanted in config.Peers)
        {
            Room(PeerRoom + AllowedIPRoom, ref writer, ref peers);
            var peer = writer.Nest(0);
            WritePeer(ref writer, wanted);
            var allowed = writer.Nest(WGPEER_A_ALLOWEDIPS);
            foreach (var prefix in wanted.AllowedIPs)
            {
                if (writer.Remaining < AllowedIPRoom)
                {
                    writer.End(allowed);
                    writer.End(peer);
                    Room(int.MaxValue, ref writer, ref peers);
                    peer = writer.Nest(0);
                    writer.Bytes(WGPEER_A_PUBLIC_KEY, wanted.PublicKey.ToBytes());
                    allowed = writer.Nest(WGPEER_A_ALLOWEDIPS);
                }

                WriteAllowedIP(ref writer, prefix);
            }

            writer.End(allowed);
            writer.End(peer);
        }

        writer.End(peers);
        messages.Add(writer.Finish().ToArray());
        CryptographicOperations.ZeroMemory(buffer);
        return messages;

        // Ends the message and begins the next one where the room does not suffice.
        void Room(int bytes, ref NetlinkWriter open, ref NetlinkWriter.NestToken nest)
        {
            if (open.Remaining >= bytes)
            {
                return;
            }

            open.End(nest);
            messages.Add(open.Finish().ToArray());
            open = Begin(buffer, family, name);
            nest = open.Nest(WGDEVICE_A_PEERS);
        }
    }

    /// <summary>Changes where a peer is, and nothing else.</summary>
    internal static Span<byte> SetEndpoint(Span<byte> buffer, ushort family, string name, PublicKey publicKey, IPEndPoint endpoint)
    {
        var writer = Begin(buffer, family, name);
        var peers = writer.Nest(WGDEVICE_A_PEERS);
        var peer = writer.Nest(0);
        writer.Bytes(WGPEER_A_PUBLIC_KEY, publicKey.ToBytes());
        writer.U32(WGPEER_A_FLAGS, WGPEER_F_UPDATE_ONLY);
        Span<byte> address = stackalloc byte[28];
        writer.Bytes(WGPEER_A_ENDPOINT, address[..WriteEndpoint(address, endpoint)]);
        writer.End(peer);
        writer.End(peers);
        return writer.Finish();
    }

    private static NetlinkWriter Begin(Span<byte> buffer, ushort family, string name)
    {
        var writer = new NetlinkWriter(buffer, family);
        writer.Struct([WG_CMD_SET_DEVICE, WG_GENL_VERSION, 0, 0]);
        writer.Text(WGDEVICE_A_IFNAME, name);
        return writer;
    }

    private static void WritePeer(ref NetlinkWriter writer, WireGuardPeerConfig peer)
    {
        writer.Bytes(WGPEER_A_PUBLIC_KEY, peer.PublicKey.ToBytes());

        // Zeros take away a preshared key that an earlier configuration had.
        ReadOnlySpan<byte> none = stackalloc byte[WG_KEY_LEN];
        writer.Bytes(WGPEER_A_PRESHARED_KEY, peer.PresharedKey is { } key ? key.Reveal() : none);
        writer.U32(WGPEER_A_FLAGS, WGPEER_F_REPLACE_ALLOWEDIPS);
        if (peer.Endpoint is { } endpoint)
        {
            Span<byte> address = stackalloc byte[28];
            writer.Bytes(WGPEER_A_ENDPOINT, address[..WriteEndpoint(address, endpoint)]);
        }

        writer.U16(WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, peer.PersistentKeepalive);
    }

    private static void WriteAllowedIP(ref NetlinkWriter writer, AddressPrefix prefix)
    {
        var nest = writer.Nest(0);
        writer.U16(WGALLOWEDIP_A_FAMILY, prefix.Family);
        writer.Address(WGALLOWEDIP_A_IPADDR, prefix);
        writer.U8(WGALLOWEDIP_A_CIDR_MASK, prefix.Length);
        writer.End(nest);
    }

    /// <summary>struct sockaddr_in or sockaddr_in6: family, port in network order, address (for IPv6 after the flow label).</summary>
    private static int WriteEndpoint(Span<byte> target, IPEndPoint endpoint)
    {
        target.Clear();
        var isIPv6 = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
        MemoryMarshal.Write(target, (ushort)(isIPv6 ? AF_INET6 : AF_INET));
        target[2] = (byte)(endpoint.Port >> 8);
        target[3] = (byte)endpoint.Port;
        _ = endpoint.Address.TryWriteBytes(target[(isIPv6 ? 8 : 4)..], out _);
        return isIPv6 ? 28 : 16;
    }
}
