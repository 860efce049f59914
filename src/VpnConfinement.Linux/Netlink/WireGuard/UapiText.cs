using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using VpnConfinement.Model;
using static VpnConfinement.Linux.Interop.WireGuardConstants;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>The cross-platform userspace protocol (wireguard.com/xplatform): lines of <c>key=value</c>, keys in hex, an empty line ends.</summary>
internal static class UapiText
{
    private const ulong LargestErrno = 4095;

    /// <summary>The request for a device's state.</summary>
    internal static ReadOnlySpan<byte> Get => "get=1\n\n"u8;

    /// <summary>The request that makes a device what a configuration says. Holds keys: whoever asked for it wipes it.</summary>
    /// <param name="config">What it shall be.</param>
    /// <param name="removed">Public keys of peers that it has and shall not have.</param>
    internal static byte[] Set(WireGuardConfig config, IReadOnlyList<PublicKey> removed)
    {
        var text = new WipedText();
        text.Line("set", "1");
        text.Hex("private_key", config.PrivateKey.Reveal());
        if (config.ListenPort is { } port)
        {
            text.Line("listen_port", port.ToString(CultureInfo.InvariantCulture));
        }

        text.Line("fwmark", config.FwMark.ToString(CultureInfo.InvariantCulture));
        foreach (var key in removed)
        {
            text.Hex("public_key", key.ToBytes());
            text.Line("remove", "true");
        }

        ReadOnlySpan<byte> none = stackalloc byte[WG_KEY_LEN];
        foreach (var peer in config.Peers)
        {
            text.Hex("public_key", peer.PublicKey.ToBytes());
            text.Hex("preshared_key", peer.PresharedKey is { } key ? key.Reveal() : none);
            if (peer.Endpoint is { } endpoint)
            {
                text.Line("endpoint", endpoint.ToString());
            }

            text.Line("persistent_keepalive_interval", peer.PersistentKeepalive.ToString(CultureInfo.InvariantCulture));
            text.Line("replace_allowed_ips", "true");
            foreach (var prefix in peer.AllowedIPs)
            {
                text.Line("allowed_ip", prefix.ToString());
            }
        }

        text.End();
        return text.TakeAndWipe();
    }

    /// <summary>The request that changes where a peer is, and nothing else.</summary>
    internal static byte[] SetEndpoint(PublicKey publicKey, IPEndPoint endpoint)
    {
        var text = new WipedText();
        text.Line("set", "1");
        text.Hex("public_key", publicKey.ToBytes());
        text.Line("update_only", "true");
        text.Line("endpoint", endpoint.ToString());
        text.End();
        return text.TakeAndWipe();
    }

    /// <summary>The device that an answer to <see cref="Get"/> describes.</summary>
    /// <exception cref="SystemFailure">The answer is malformed or says that it failed.</exception>
    internal static WireGuardDevice Parse(ReadOnlySpan<byte> answer)
    {
        Secret? privateKey = null;
        var listenPort = 0;
        uint fwMark = 0;
        var peers = new List<UapiPeer>();
        ulong? error = null;
        while (!answer.IsEmpty)
        {
            var end = answer.IndexOf((byte)'\n');
            if (end < 0)
            {
                throw Malformed();
            }

            var line = answer[..end];
            answer = answer[(end + 1)..];
            if (line.IsEmpty)
            {
                break;
            }

            var equals = line.IndexOf((byte)'=');
            if (equals < 0)
            {
                throw Malformed();
            }

            var value = line[(equals + 1)..];
            switch (Encoding.ASCII.GetString(line[..equals]))
            {
                case "errno":
                    error = Number(value[(value.StartsWith((byte)'-') ? 1 : 0)..], LargestErrno);
                    break;
                case "private_key":
                    privateKey?.Dispose();
                    privateKey = new Secret(Key(value));
                    break;
                case "listen_port":
                    listenPort = (int)Number(value, ushort.MaxValue);
                    break;
                case "fwmark":
                    fwMark = (uint)Number(value, uint.MaxValue);
                    break;
                case "public_key":
                    peers.Add(new UapiPeer(PublicKey.FromBytes(Key(value))));
                    break;
                case var key when peers.Count > 0:
                    peers[^1].Take(key, value);
                    break;
            }
        }

        return error switch
        {
            0 => new WireGuardDevice
            {
                PublicKey = null, // the protocol shows the private key alone
                PrivateKey = privateKey,
                ListenPort = listenPort,
                FwMark = fwMark,
                Peers = [.. peers.Select(peer => peer.Finish())],
            },
            null => throw Malformed(),
            { } number => throw new SystemFailure("read the userspace WireGuard device", (int)number),
        };
    }

    /// <summary>A decimal number from 0 to <paramref name="largest"/>.</summary>
    internal static ulong Number(ReadOnlySpan<byte> value, ulong largest) =>
        Utf8Parser.TryParse(value, out ulong number, out var used) && used == value.Length && number <= largest ? number : throw Malformed();

    /// <summary>A key's 32 bytes from hex.</summary>
    internal static byte[] Key(ReadOnlySpan<byte> value)
    {
        var key = new byte[WG_KEY_LEN];
        return value.Length == 2 * WG_KEY_LEN
            && Convert.FromHexString(value, key, out _, out var written) == System.Buffers.OperationStatus.Done && written == WG_KEY_LEN
                ? key
                : throw Malformed();
    }

    /// <summary>The failure of an answer that does not have the form it must have.</summary>
    internal static SystemFailure Malformed() => new("the userspace WireGuard's answer is malformed");
}
