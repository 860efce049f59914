using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.InteropServices;
using VpnConfinement.Model;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.WireGuardConstants;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>Reads the answers to WG_CMD_GET_DEVICE. A long list comes in several; a peer that goes on is named again first.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Finish hands the key over to the device.")]
internal sealed class KernelParser
{
    private readonly List<WireGuardPeer> _peers = [];
    private readonly List<string> _allowedIPs = [];
    private string? _publicKey;
    private Secret? _privateKey;
    private int _listenPort;
    private uint _fwMark;

    /// <summary>Takes one message, after its header.</summary>
    internal void Add(ReadOnlySpan<byte> payload)
    {
        var attributes = AttributeReader.After(payload, GenericNetlink.HeaderLength);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case WGDEVICE_A_PRIVATE_KEY:
                    _privateKey?.Dispose();
                    _privateKey = new Secret(Key(attributes).ToArray());
                    break;
                case WGDEVICE_A_PUBLIC_KEY:
                    _publicKey = Convert.ToBase64String(Key(attributes));
                    break;
                case WGDEVICE_A_LISTEN_PORT:
                    _listenPort = attributes.Number<ushort>();
                    break;
                case WGDEVICE_A_FWMARK:
                    _fwMark = attributes.Number<uint>();
                    break;
                case WGDEVICE_A_PEERS:
                    var peers = attributes.Nested();
                    while (peers.Next())
                    {
                        AddPeer(peers.Nested());
                    }

                    break;
            }
        }
    }

    /// <summary>The device that the messages described.</summary>
    internal WireGuardDevice Finish() => new()
    {
        PublicKey = _publicKey,
        PrivateKey = _privateKey,
        ListenPort = _listenPort,
        FwMark = _fwMark,
        Peers = [.. _peers],
    };

    private static ReadOnlySpan<byte> Key(AttributeReader attribute) =>
        attribute.Value.Length == WG_KEY_LEN ? attribute.Value : throw AttributeReader.Malformed();

    private void AddPeer(AttributeReader attributes)
    {
        PublicKey? publicKey = null;
        Secret? presharedKey = null;
        IPEndPoint? endpoint = null;
        DateTimeOffset? handshake = null;
        ulong received = 0, sent = 0;
        ushort keepalive = 0;
        _allowedIPs.Clear();
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case WGPEER_A_PUBLIC_KEY:
                    publicKey = PublicKey.FromBytes(Key(attributes));
                    break;
                case WGPEER_A_PRESHARED_KEY:
                    presharedKey = new Secret(Key(attributes).ToArray());
                    break;
                case WGPEER_A_ENDPOINT:
                    endpoint = Endpoint(attributes.Value);
                    break;
                case WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL:
                    keepalive = attributes.Number<ushort>();
                    break;
                case WGPEER_A_LAST_HANDSHAKE_TIME:
                    handshake = Time(attributes.Value);
                    break;
                case WGPEER_A_RX_BYTES:
                    received = attributes.Number<ulong>();
                    break;
                case WGPEER_A_TX_BYTES:
                    sent = attributes.Number<ulong>();
                    break;
                case WGPEER_A_ALLOWEDIPS:
                    AddAllowedIPs(attributes.Nested());
                    break;
            }
        }

        if (publicKey is not { } named)
        {
            throw AttributeReader.Malformed();
        }

        if (_peers.Count > 0 && _peers[^1].PublicKey == named)
        {
            presharedKey?.Dispose();
            _peers[^1] = _peers[^1] with { AllowedIPs = [.. _peers[^1].AllowedIPs, .. _allowedIPs] };
            return;
        }

        _peers.Add(new WireGuardPeer
        {
            PublicKey = named,
            PresharedKey = presharedKey,
            Endpoint = endpoint,
            LatestHandshake = handshake,
            ReceivedBytes = received,
            SentBytes = sent,
            PersistentKeepalive = keepalive,
            AllowedIPs = [.. _allowedIPs],
        });
    }

    private void AddAllowedIPs(AttributeReader list)
    {
        while (list.Next())
        {
            var attributes = list.Nested();
            ReadOnlySpan<byte> address = default;
            byte length = 0;
            while (attributes.Next())
            {
                switch (attributes.Type)
                {
                    case WGALLOWEDIP_A_IPADDR:
                        address = attributes.Value;
                        break;
                    case WGALLOWEDIP_A_CIDR_MASK:
                        length = attributes.Number<byte>();
                        break;
                }
            }

            _allowedIPs.Add(AddressPrefix.FromBytes(address, length).ToString());
        }
    }

    private static IPEndPoint Endpoint(ReadOnlySpan<byte> value)
    {
        if (value.Length < 2)
        {
            throw AttributeReader.Malformed();
        }

        return (MemoryMarshal.Read<ushort>(value), value.Length) switch
        {
            (AF_INET, 16) => new IPEndPoint(new IPAddress(value.Slice(4, 4)), (value[2] << 8) | value[3]),
            (AF_INET6, 28) => new IPEndPoint(new IPAddress(value.Slice(8, 16)), (value[2] << 8) | value[3]),
            _ => throw AttributeReader.Malformed(),
        };
    }

    /// <summary>struct __kernel_timespec: seconds and nanoseconds, 8 bytes each; zero for never.</summary>
    private static DateTimeOffset? Time(ReadOnlySpan<byte> value)
    {
        if (value.Length != 16)
        {
            throw AttributeReader.Malformed();
        }

        var seconds = MemoryMarshal.Read<long>(value);
        return seconds == 0 ? null : UnixTime.At(seconds, MemoryMarshal.Read<long>(value[8..]));
    }
}
