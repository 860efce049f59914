using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>A peer while the lines that describe it are read.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Finish hands the key over to the peer.")]
internal sealed class UapiPeer(PublicKey publicKey)
{
    private readonly List<string> _allowedIPs = [];
    private Secret? _presharedKey;
    private IPEndPoint? _endpoint;
    private long _seconds;
    private long _nanoseconds;
    private ulong _received;
    private ulong _sent;
    private ushort _keepalive;

    /// <summary>Takes one line; lines that newer implementations may add are passed over.</summary>
    internal void Take(string key, ReadOnlySpan<byte> value)
    {
        switch (key)
        {
            case "preshared_key":
                _presharedKey?.Dispose();
                _presharedKey = new Secret(UapiText.Key(value));
                break;
            case "endpoint":
                _endpoint = IPEndPoint.TryParse(Encoding.ASCII.GetString(value), out var endpoint) ? endpoint : throw UapiText.Malformed();
                break;
            case "last_handshake_time_sec":
                _seconds = (long)UapiText.Number(value, long.MaxValue);
                break;
            case "last_handshake_time_nsec":
                _nanoseconds = (long)UapiText.Number(value, long.MaxValue);
                break;
            case "rx_bytes":
                _received = UapiText.Number(value, ulong.MaxValue);
                break;
            case "tx_bytes":
                _sent = UapiText.Number(value, ulong.MaxValue);
                break;
            case "persistent_keepalive_interval":
                _keepalive = (ushort)UapiText.Number(value, ushort.MaxValue);
                break;
            case "allowed_ip":
                _allowedIPs.Add(AddressPrefix.Parse(Encoding.ASCII.GetString(value)).ToString());
                break;
        }
    }

    /// <summary>The peer that the lines described.</summary>
    internal WireGuardPeer Finish() => new()
    {
        PublicKey = publicKey,
        PresharedKey = _presharedKey,
        Endpoint = _endpoint,
        LatestHandshake = _seconds == 0 ? null : UnixTime.At(_seconds, _nanoseconds),
        ReceivedBytes = _received,
        SentBytes = _sent,
        PersistentKeepalive = _keepalive,
        AllowedIPs = [.. _allowedIPs],
    };
}
