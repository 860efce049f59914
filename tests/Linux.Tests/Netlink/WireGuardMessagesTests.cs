using System.Net;
using System.Text;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Tests.Netlink;

public sealed class WireGuardMessagesTests
{
    private static readonly string Ones = string.Concat(Enumerable.Repeat("01", 32));
    private static readonly string Twos = string.Concat(Enumerable.Repeat("02", 32));
    private static readonly string Zeros = string.Concat(Enumerable.Repeat("00", 32));
    private static readonly string Nines = string.Concat(Enumerable.Repeat("09", 32));

    [Fact]
    public void An_endpoint_is_changed_and_nothing_else()
    {
        Hex.Equal(
            $"""
            70000000 1f00 0100 00000000 00000000
            01 01 0000                                # WG_CMD_SET_DEVICE, version 1
            0800 0200 77673000                        # WGDEVICE_A_IFNAME
            5400 0880                                 # WGDEVICE_A_PEERS
              5000 0080
                2400 0100 {Twos}                      # WGPEER_A_PUBLIC_KEY
                0800 0300 04000000                    # WGPEER_F_UPDATE_ONLY
                2000 0400 0a00 ca6c 00000000 20010db8000000000000000000000007 00000000   # sockaddr_in6
            """,
            KernelMessages.SetEndpoint(stackalloc byte[256], 0x1f, "wg0", Key(2), IPEndPoint.Parse("[2001:db8::7]:51820")).ToArray());
        Assert.Equal(
            $"set=1\npublic_key={Twos}\nupdate_only=true\nendpoint=198.51.100.7:51820\n\n",
            Encoding.ASCII.GetString(UapiText.SetEndpoint(Key(2), IPEndPoint.Parse("198.51.100.7:51820"))));
    }

    [Fact]
    public void Whole_configuration_in_one_message()
    {
        using var config = Config(["10.64.0.0/16", "fd00::/8"]);
        var message = Assert.Single(KernelMessages.Set(0x1f, "wg0", config, [Key(9)]));
        Hex.Equal(
            $"""
            3c010000 1f00 0100 00000000 00000000
            01 01 0000                                # WG_CMD_SET_DEVICE, version 1
            0800 0200 77673000                        # WGDEVICE_A_IFNAME
            2400 0300 {Ones}                          # WGDEVICE_A_PRIVATE_KEY
            0600 0600 6cca0000                        # WGDEVICE_A_LISTEN_PORT 51820
            0800 0700 07000000                        # WGDEVICE_A_FWMARK
            ec00 0880                                 # WGDEVICE_A_PEERS
              3000 0080                               # the one to remove
                2400 0100 {Nines}
                0800 0300 01000000                    # WGPEER_F_REMOVE_ME
              b800 0080
                2400 0100 {Twos}                      # WGPEER_A_PUBLIC_KEY
                2400 0200 {Zeros}                     # WGPEER_A_PRESHARED_KEY
                0800 0300 02000000                    # WGPEER_F_REPLACE_ALLOWEDIPS
                1400 0400 0200 ca6c c6336407 0000000000000000   # sockaddr_in
                0600 0500 19000000                    # keepalive 25
                4800 0980                             # WGPEER_A_ALLOWEDIPS
                  1c00 0080 0600 0100 02000000 0800 0200 0a400000 0500 0300 10000000
                  2800 0080 0600 0100 0a000000 1400 0200 fd000000000000000000000000000000 0500 0300 08000000
            """,
            message);
    }

    [Fact]
    public void Long_lists_are_cut_into_messages_that_go_on_without_replacing()
    {
        var prefixes = Enumerable.Range(0, 200).Select(i => $"10.{i}.0.0/16").ToList();
        using var config = Config([.. prefixes]);
        var messages = KernelMessages.Set(0x1f, "wg0", config, [], limit: 1024);

        Assert.True(messages.Count > 5);
        Assert.All(messages, message => Assert.InRange(message.Length, 1, 1024));
        var parser = new KernelParser();
        foreach (var message in messages)
        {
            Assert.Equal(message.Length, BitConverter.ToInt32(message));
            parser.Add(message.AsSpan(16));
        }

        using var device = parser.Finish();
        Assert.Equal(prefixes, Assert.Single(device.Peers).AllowedIPs);
        Assert.Equal(1, messages.Sum(message => Occurrences(message, Hex.Bytes("0800 0300 02000000"))));
        Assert.Equal(1, messages.Sum(message => Occurrences(message, Hex.Bytes("2400 0300" + Ones))));
    }

    [Fact]
    public void Answer_of_the_kernel_is_read()
    {
        using var config = Config(["10.64.0.0/16"]);
        var message = KernelMessages.Set(0x1f, "wg0", config, []);
        var parser = new KernelParser();
        parser.Add(message[0].AsSpan(16));
        using var device = parser.Finish();

        Assert.True(device.Matches(config));
        Assert.False((device with { FwMark = 8 }).Matches(config));
        Assert.False((device with { Peers = [] }).Matches(config));
        Assert.DoesNotContain(Convert.ToBase64String(new byte[] { 1, 1, 1, 1, 1, 1 })[..6], device.ToString(), StringComparison.Ordinal);

        var counted = new KernelParser();
        counted.Add(Hex.Bytes(
            $"""
            00010000
            5800 0880 5400 0080
              2400 0100 {Twos}
              1400 0600 0100000000000000 00ca9a1b00000000
              0c00 0700 0500000000000000
              0c00 0800 0600000000000000
            """));
        using var counters = counted.Finish();
        Assert.Equal((5ul, 6ul), (counters.Peers[0].ReceivedBytes, counters.Peers[0].SentBytes));
        Assert.Equal(1, counters.Peers[0].LatestHandshake!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public void Userspace_request_is_text()
    {
        using var config = Config(["10.64.0.0/16"]);
        Assert.Equal(
            $"""
            set=1
            private_key={Ones}
            listen_port=51820
            fwmark=7
            public_key={Nines}
            remove=true
            public_key={Twos}
            preshared_key={Zeros}
            endpoint=198.51.100.7:51820
            persistent_keepalive_interval=25
            replace_allowed_ips=true
            allowed_ip=10.64.0.0/16


            """,
            Encoding.ASCII.GetString(UapiText.Set(config, [Key(9)])));
    }

    [Fact]
    public void Userspace_answer_is_read()
    {
        using var device = UapiText.Parse(Encoding.ASCII.GetBytes(
            $"private_key={Ones}\nlisten_port=51820\nfwmark=7\npublic_key={Twos}\npreshared_key={Zeros}\nprotocol_version=1\nendpoint=198.51.100.7:51820\n"
            + "last_handshake_time_sec=5\nlast_handshake_time_nsec=100\ntx_bytes=2\nrx_bytes=1\npersistent_keepalive_interval=25\nallowed_ip=10.64.0.0/16\nerrno=0\n\n"));
        using var config = Config(["10.64.0.0/16"]);

        Assert.True(device.Matches(config));
        Assert.Equal((1ul, 2ul), (device.Peers[0].ReceivedBytes, device.Peers[0].SentBytes));
        Assert.Equal(5, device.Peers[0].LatestHandshake!.Value.ToUnixTimeSeconds());
    }

    // A device keeps its key clamped (RFC 7748, section 5), and a key file may hold one that is not.
    [Fact]
    public void A_device_has_a_key_by_its_public_one()
    {
        using var config = Config(["10.64.0.0/16"]);
        var clamped = config.PrivateKey.Reveal().ToArray();
        (clamped[0], clamped[31]) = ((byte)(clamped[0] & 248), (byte)((clamped[31] & 127) | 64));
        Assert.NotEqual(config.PrivateKey.Reveal().ToArray(), clamped);
        foreach (var (line, has) in new[]
        {
            ($"private_key={Convert.ToHexStringLower(clamped)}\n", true),
            ($"private_key={Twos}\n", false),
            ("", false),
        })
        {
            using var device = UapiText.Parse(Encoding.ASCII.GetBytes(line + "errno=0\n\n"));
            Assert.Equal(has, device.HasKey(config.PrivateKey));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("errno=0")]
    [InlineData("errno=\n\n")]
    [InlineData("errno=-5\n\n")]
    [InlineData("listen_port\n\n")]
    [InlineData("private_key=00\nerrno=0\n\n")]
    [InlineData("listen_port=99999999999\nerrno=0\n\n")]
    [InlineData("fwmark=-1\nerrno=0\n\n")]
    public void Damaged_userspace_answers_are_refused(string text) =>
        Assert.Throws<SystemFailure>(() => UapiText.Parse(Encoding.ASCII.GetBytes(text)));

    // Whether the device's private key, the preshared key and the endpoint are others.
    [Theory]
    [InlineData(false, false, false, false)]
    [InlineData(true, false, false, true)]
    [InlineData(false, true, false, true)]
    [InlineData(false, false, true, true)]
    public void A_peer_with_another_key_or_endpoint_begins_anew(bool key, bool preshared, bool endpoint, bool isRenewed)
    {
        using var config = Config(["0.0.0.0/0"]);
        var own = new byte[32];
        Array.Fill(own, (byte)(key ? 9 : 1));
        using var device = new WireGuardDevice
        {
            PublicKey = null,
            PrivateKey = new Secret(own),
            ListenPort = 51820,
            FwMark = 7,
            Peers =
            [
                new VpnConfinement.Linux.Netlink.WireGuard.WireGuardPeer
                {
                    PublicKey = Key(2),
                    PresharedKey = preshared ? new Secret([.. Enumerable.Repeat((byte)5, 32)]) : null,
                    Endpoint = IPEndPoint.Parse(endpoint ? "198.51.100.8:51820" : "198.51.100.7:51820"),
                    LatestHandshake = null,
                    ReceivedBytes = 0,
                    SentBytes = 0,
                    PersistentKeepalive = 0,
                    AllowedIPs = [],
                },
            ],
        };
        Assert.Equal(isRenewed ? [Key(2)] : [], device.Renewed(config));
    }

    private static PublicKey Key(byte value) => PublicKey.FromBytes([.. Enumerable.Repeat(value, 32)]);

    private static WireGuardConfig Config(string[] allowed)
    {
        var key = new byte[32];
        Array.Fill(key, (byte)1);
        return new WireGuardConfig
        {
            PrivateKey = new Secret(key),
            ListenPort = 51820,
            FwMark = 7,
            Peers =
            [
                new WireGuardPeerConfig
                {
                    PublicKey = Key(2),
                    PresharedKey = null,
                    Endpoint = IPEndPoint.Parse("198.51.100.7:51820"),
                    PersistentKeepalive = 25,
                    AllowedIPs = [.. allowed.Select(AddressPrefix.Parse)],
                },
            ],
        };
    }

    private static int Occurrences(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        var count = 0;
        for (var at = text.IndexOf(part); at >= 0; at = text.IndexOf(part))
        {
            count++;
            text = text[(at + 1)..];
        }

        return count;
    }
}
