using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VpnConfinement.Text;

/// <summary>
/// Addresses and prefixes in one form only: four decimal numbers without leading zeros, or IPv6 without a zone. Octal, short and hexadecimal IPv4, which
/// other readers take and each in its own way, are no addresses here.
/// </summary>
public static class IpText
{
    /// <summary>Reads an address.</summary>
    public static bool TryParseAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        return text.Contains(':') ? TryParseIPv6(text, out address) : TryParseIPv4(text, out address);
    }

    /// <summary>Reads <c>ADDRESS/LENGTH</c>, or an address alone as its whole length; host bits are kept.</summary>
    public static bool TryParseAddressWithPrefix(ReadOnlySpan<char> text, out IPAddress address, out int prefixLength)
    {
        prefixLength = 0;
        var slash = text.IndexOf('/');
        if (!TryParseAddress(slash < 0 ? text : text[..slash], out address))
        {
            return false;
        }

        var most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0)
        {
            prefixLength = most;
            return true;
        }

        return TryParseNumber(text[(slash + 1)..], most, out prefixLength);
    }

    /// <summary>Reads a prefix; host bits are cleared, as WireGuard does with allowed IPs.</summary>
    public static bool TryParsePrefix(ReadOnlySpan<char> text, out IPNetwork prefix)
    {
        prefix = default;
        if (!TryParseAddressWithPrefix(text, out var address, out var length))
        {
            return false;
        }

        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        prefix = new IPNetwork(new IPAddress(bytes), length);
        return true;
    }

    /// <summary>Reads <c>ADDRESS:PORT</c>, an IPv6 address in brackets.</summary>
    public static bool TryParseEndpoint(ReadOnlySpan<char> text, out IPEndPoint endpoint)
    {
        endpoint = new IPEndPoint(IPAddress.None, 0);
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !TryParseNumber(text[(colon + 1)..], 65535, out var port) || port == 0)
        {
            return false;
        }

        var host = text[..colon];
        var bracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (!TryParseAddress(bracketed ? host[1..^1] : host, out var address) || bracketed != (address.AddressFamily == AddressFamily.InterNetworkV6))
        {
            return false;
        }

        endpoint = new IPEndPoint(address, port);
        return true;
    }

    /// <summary>Reads a decimal number without sign, space or leading zero.</summary>
    internal static bool TryParseNumber(ReadOnlySpan<char> text, int most, out int number)
    {
        // Digits are looked at here, because the library takes NUL characters after a number for nothing.
        number = 0;
        return text.Length is > 0 and <= 9 && (text.Length == 1 || text[0] != '0') && !text.ContainsAnyExceptInRange('0', '9')
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
    }

    private static bool TryParseIPv4(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            if (count == 4 || !TryParseNumber(text[range], 255, out var number))
            {
                return false;
            }

            bytes[count++] = (byte)number;
        }

        if (count != 4)
        {
            return false;
        }

        address = new IPAddress(bytes);
        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        foreach (var c in text)
        {
            // No zone ('%'), no brackets, no embedded dotted IPv4: one form for each address.
            if (!char.IsAsciiHexDigit(c) && c != ':')
            {
                return false;
            }
        }

        if (text.Length > 39 || !IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        address = parsed;
        return !parsed.IsIPv4MappedToIPv6;
    }
}
