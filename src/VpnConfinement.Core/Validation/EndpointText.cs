using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>Endpoints that are hostnames.</summary>
internal static class EndpointText
{
    /// <summary>Reads <c>NAME:PORT</c>; false for an address and for anything that was meant to be one.</summary>
    internal static bool TryParseHostname(string text, out string name, out ushort port)
    {
        name = "";
        port = 0;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !IpText.TryParseNumber(text.AsSpan(colon + 1), 65535, out var number) || number == 0)
        {
            return false;
        }

        name = text[..colon];
        port = (ushort)number;

        // A last label of digits is a misspelled IPv4 address, never a name (RFC 3696, section 2); a localhost is this host (RFC 6761, section 6.3).
        var last = name.TrimEnd('.').Split('.')[^1];
        return DomainName.IsValid(name) && !last.All(char.IsAsciiDigit)
            && !last.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && !IsLocalhost(last);
    }

    /// <summary>Whether the host of an endpoint is this one by name.</summary>
    internal static bool IsLocalhost(string text) => text.Split(':')[0].TrimEnd('.').Split('.')[^1]
        .Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
