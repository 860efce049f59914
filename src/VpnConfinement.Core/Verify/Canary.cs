using System.Globalization;
using System.Net;
using System.Text;
using VpnConfinement.Text;

namespace VpnConfinement.Verify;

/// <summary>
/// A packet that is known again wherever it appears: by the token in it, which outlasts a change of its source. One of
/// TCP carries nothing, and is known by its destination and port.
/// </summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Address">Where it goes.</param>
/// <param name="Port">The port there; 0 where its kind has none.</param>
/// <param name="Token">Lower-case hex of 16 random bytes.</param>
public sealed record Canary(CanaryKind Kind, IPAddress Address, ushort Port, string Token)
{
    private const int TokenText = 32;

    /// <summary>The bytes by which it is known; none for TCP.</summary>
    public byte[] Mark => Kind is CanaryKind.Tcp ? [] : Encoding.ASCII.GetBytes(Token);

    /// <summary>The packet in words: <c>UDP to 198.51.100.7:4242</c>.</summary>
    public string Title => string.Create(CultureInfo.InvariantCulture, $"{Word} to {Target}");

    private string Word => Kind switch
    {
        CanaryKind.Udp => "UDP",
        CanaryKind.Tcp => "TCP",
        CanaryKind.Dns => "DNS",
        CanaryKind.Icmp => "ICMP",
        CanaryKind.RawIcmp => "raw ICMP",
        _ => throw new InvalidOperationException("a canary of an unknown kind"),
    };

    private string Target => Port == 0 ? $"{Address}" : $"{new IPEndPoint(Address, Port)}";

    /// <summary>
    /// Where a canary to a resolver of the host goes. A zone names a link of the host, which the sender has not.
    /// </summary>
    /// <param name="resolver">As <c>resolv.conf</c> has it.</param>
    public static IPAddress TargetOf(IPAddress resolver) =>
        resolver.IsIPv4MappedToIPv6 ? resolver.MapToIPv4() : new IPAddress(resolver.GetAddressBytes());

    /// <summary>What it carries: the token; in a question to a resolver as a name that nobody has (RFC 6761).</summary>
    public byte[] Payload() => Kind switch
    {
        CanaryKind.Udp => Mark,
        CanaryKind.Tcp => [],

        // Header: a number, recursion wanted, one question. Then the name, type A and class IN (RFC 1035).
        CanaryKind.Dns =>
        [
            0x56, 0x43, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, TokenText, .. Mark, 7, .. "invalid"u8, 0, 0, 1, 0, 1,
        ],
        CanaryKind.Icmp or CanaryKind.RawIcmp => Echo(),
        _ => throw new InvalidOperationException("a canary of an unknown kind"),
    };

    /// <summary>One word of an argument list.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind},{Address},{Port},{Token}");

    /// <summary>Reads what <see cref="ToString"/> wrote; null where it is none.</summary>
    public static Canary? TryParse(string text) =>
        text.Split(',') is [var kind, var address, var port, { Length: TokenText } token]
        && Enum.TryParse<CanaryKind>(kind, out var known) && Enum.IsDefined(known)
        && IpText.TryParseAddress(address, out var target)
        && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && token.All(char.IsAsciiHexDigitLower)
            ? new Canary(known, target, number, token)
            : null;

    // Type 8 (echo request; 128 for IPv6), code, checksum, identifier and sequence number (RFC 792, RFC 4443).
    private byte[] Echo()
    {
        byte[] message = [(byte)(Address.GetAddressBytes().Length == 4 ? 8 : 128), 0, 0, 0, 0x56, 0x43, 0, 1, .. Mark];
        uint sum = 0;
        for (var i = 0; i < message.Length; i += 2)
        {
            sum += (uint)((message[i] << 8) | message[i + 1]);
        }

        sum = (sum & 0xffff) + (sum >> 16);
        sum += sum >> 16;
        message[2] = (byte)(~sum >> 8);
        message[3] = (byte)~sum;
        return message;
    }
}
