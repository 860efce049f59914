using System.Text.Json;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What <c>doctor</c> says of a handshake that a server refuses because the host's clock went back: the server has
/// taken one of the same key with a later time in it.
/// </summary>
public sealed class DoctorClockTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Program = "/root/ahead.py";
    private const string Cause = "this host's clock is behind one that the server saw before";
    private const string Written = "/var/lib/systemd/timesync/clock";

    // The first message of a handshake (WireGuard's protocol, section 5.4.2; RFC 7748, RFC 8439), with the time of
    // tomorrow. Arguments: both keys, address and port of the server. It ends well where the server answers.
    private const string Ahead = """
        import base64, hashlib, hmac, os, socket, struct, sys, time
        def x25519(k, u):
            p, k = 2**255 - 19, int.from_bytes(k, "little") & ~7 & ~(1 << 255) | 1 << 254
            x1 = int.from_bytes(u, "little") % 2**255
            x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
            for t in range(254, -1, -1):
                bit = k >> t & 1
                if swap ^ bit:
                    x2, x3, z2, z3 = x3, x2, z3, z2
                swap = bit
                a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
                aa, bb, da, cb = a * a, b * b, d * a, c * b
                e = aa - bb
                x3, z3 = (da + cb)**2 % p, x1 * (da - cb)**2 % p
                x2, z2 = aa * bb % p, e * (aa + 121665 * e) % p
            if swap:
                x2, z2 = x3, z3
            return (x2 * pow(z2, p - 2, p) % p).to_bytes(32, "little")
        def block(key, counter):
            m = 2**32 - 1
            first = list(struct.unpack("<16L", b"expand 32-byte k" + key + struct.pack("<4L", counter, 0, 0, 0)))
            s = first[:]
            def quarter(a, b, c, d):
                for x, y, z, r in (a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7):
                    s[x] = s[x] + s[y] & m
                    s[z] ^= s[x]
                    s[z] = s[z] << r & m | s[z] >> 32 - r
            for i in range(10):
                for q in range(4):
                    quarter(q, 4 + q, 8 + q, 12 + q)
                for q in range(4):
                    quarter(q, 4 + (q + 1) % 4, 8 + (q + 2) % 4, 12 + (q + 3) % 4)
            return struct.pack("<16L", *(a + b & m for a, b in zip(s, first)))
        def seal(key, text, also):
            sealed = bytes(a ^ b for a, b in zip(text, block(key, 1)))
            once = block(key, 0)
            r = int.from_bytes(once[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
            pad = lambda b: b + bytes(-len(b) % 16)
            data, sum = pad(also) + pad(sealed) + struct.pack("<QQ", len(also), len(sealed)), 0
            for i in range(0, len(data), 16):
                sum = (sum + int.from_bytes(data[i:i + 16] + b"\1", "little")) * r % (2**130 - 5)
            return sealed + ((sum + int.from_bytes(once[16:32], "little")) % 2**128).to_bytes(16, "little")
        blake = lambda *parts: hashlib.blake2s(b"".join(parts)).digest()
        mac = lambda key, data: hmac.new(key, data, hashlib.blake2s).digest()
        def derive(key, data):
            first = mac(mac(key, data), b"\1")
            return first, mac(mac(key, data), first + b"\2")
        own, server = (base64.b64decode(k) for k in sys.argv[1:3])
        base = bytes([9]) + bytes(31)
        chain = blake(b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")
        seen = blake(blake(chain, b"WireGuard v1 zx2c4 Jason@zx2c4.com"), server)
        brief = os.urandom(32)
        public = x25519(brief, base)
        chain, seen = derive(chain, public)[0], blake(seen, public)
        chain, key = derive(chain, x25519(brief, server))
        who = seal(key, x25519(own, base), seen)
        seen = blake(seen, who)
        chain, key = derive(chain, x25519(own, server))
        when = seal(key, struct.pack(">QL", 0x400000000000000a + int(time.time()) + 86400, 0), seen)
        message = bytes([1, 0, 0, 0]) + os.urandom(4) + public + who + when
        message += hashlib.blake2s(message, digest_size=16, key=blake(b"mac1----", server)).digest() + bytes(16)
        wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        wire.settimeout(20)
        wire.sendto(message, (sys.argv[3], int(sys.argv[4])))
        answer = wire.recv(1000)
        sys.exit(0 if answer[0] == 2 and len(answer) == 92 else "another answer")

        """;

    public void Dispose()
    {
        host.Shell($"rm -f {Program} {Written}").OrThrow();
        host.Reset();
    }

    [Fact]
    [Trait("finding", "no-answer")]
    [Trait("finding", "clock-behind")]
    public void A_server_that_saw_a_later_clock_does_not_answer_and_the_clock_is_a_cause()
    {
        var lines = host.Read(Laboratory.ProviderFile).Split('\n');
        host.Write(Program, Ahead);
        host.Shell(
            $"python3 {Program} {Value("PrivateKey")} {Value("PublicKey")} {Addresses.Provider} "
            + $"{Addresses.WireGuardPort}").OrThrow();
        host.Product("apply", "--no-wait").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal(["no-answer"], Codes());
        Assert.Contains($"3. {Cause}", Said(), StringComparison.Ordinal);

        // A host whose clock went back has files of a later time.
        host.Shell($"mkdir -p $(dirname {Written}); touch -d '+1 day' {Written}").OrThrow();
        Assert.Equal(["clock-behind", "no-answer"], Codes().Order(StringComparer.Ordinal));
        Assert.Contains($"1. {Cause}", Said(), StringComparison.Ordinal);

        string Value(string key) =>
            lines.Single(l => l.StartsWith($"{key} = ", StringComparison.Ordinal)).Split(" = ")[1].Trim();
    }

    private List<string> Codes()
    {
        var result = host.Product("doctor", "--json");
        Assert.True(result.ExitCode == 4, result.Summary);
        using var json = JsonDocument.Parse(result.Output);
        return [.. json.RootElement.GetProperty("findings").EnumerateArray()
            .Select(f => f.GetProperty("code").GetString()!)];
    }

    // Lines are filled: a phrase may be on two.
    private string Said() => string.Join(
        ' ', host.Product("doctor").Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
