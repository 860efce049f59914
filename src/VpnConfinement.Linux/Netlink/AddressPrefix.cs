using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Netlink;

/// <summary>An address with a prefix length: a link's address, a route's destination or an allowed IP.</summary>
internal sealed record AddressPrefix(IPAddress Address, byte Length)
{
    /// <summary>Whether it is IPv6.</summary>
    internal bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>The kernel's number of its address family.</summary>
    internal byte Family => (byte)(IsIPv6 ? LibcConstants.AF_INET6 : LibcConstants.AF_INET);

    /// <summary>Reads <c>10.64.0.2/32</c>; of IPv4 only the canonical text is taken.</summary>
    /// <exception cref="SystemFailure">The text is no such thing; the plan is damaged.</exception>
    internal static AddressPrefix Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0
            && TryParseAddress(text[..slash], out var address)
            && byte.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length <= address.GetAddressBytes().Length * 8)
        {
            return new AddressPrefix(address, length);
        }

        throw new SystemFailure($"the plan has '{text}' where an address with a prefix length must be");
    }

    /// <summary>Reads an address without prefix as one that stands for itself alone, or with the given length.</summary>
    internal static AddressPrefix Parse(string address, byte length) => Parse(string.Create(CultureInfo.InvariantCulture, $"{address}/{length}"));

    /// <summary>Makes one of the kernel's bytes, 4 or 16 of them.</summary>
    internal static AddressPrefix FromBytes(ReadOnlySpan<byte> address, byte length) =>
        address.Length is 4 or 16 && length <= address.Length * 8
            ? new AddressPrefix(new IPAddress(address), length)
            : throw AttributeReader.Malformed();

    /// <summary>Writes the address's 4 or 16 bytes.</summary>
    /// <returns>How many were written.</returns>
    internal int WriteBytes(Span<byte> target) =>
        Address.TryWriteBytes(target, out var written) ? written : throw new ArgumentException("no room for an address", nameof(target));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    // The runtime's parser takes octal and short forms too; only what prints as it was written is taken.
    private static bool TryParseAddress(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text);
}
