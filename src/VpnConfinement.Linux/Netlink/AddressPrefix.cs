using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Netlink;

/// <summary>An address with a prefix length: a link's address, a route's destination or an allowed IP.</summary>
internal sealed record AddressPrefix(IPAddress Address, byte Length)
{
    /// <summary>Whether it is IPv6.</summary>
    internal bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>The kernel's number of its address family.</summary>
    internal byte Family => (byte)(IsIPv6 ? LibcConstants.AF_INET6 : LibcConstants.AF_INET);

    /// <summary>That of a link.</summary>
    internal static AddressPrefix Of(InterfaceAddress address) => new(address.Address, (byte)address.PrefixLength);

    /// <summary>That of a route or an allowed IP.</summary>
    internal static AddressPrefix Of(IPNetwork prefix) => new(prefix.BaseAddress, (byte)prefix.PrefixLength);

    /// <summary>Reads <c>10.64.0.2/32</c>.</summary>
    /// <exception cref="SystemFailure">The text is no such thing.</exception>
    internal static AddressPrefix Parse(string text) =>
        IpText.TryParseAddressWithPrefix(text, out var address, out var length)
            ? new AddressPrefix(address, (byte)length)
            : throw new SystemFailure($"'{text}' is no address with a prefix length");

    /// <summary>Makes one of the kernel's bytes, 4 or 16 of them.</summary>
    internal static AddressPrefix FromBytes(ReadOnlySpan<byte> address, byte length) =>
        address.Length is 4 or 16 && length <= address.Length * 8
            ? new AddressPrefix(new IPAddress(address), length)
            : throw AttributeReader.Malformed();

    /// <summary>Writes the address's 4 or 16 bytes.</summary>
    internal void WriteBytes(Span<byte> target)
    {
        if (!Address.TryWriteBytes(target, out _))
        {
            throw new ArgumentException("no room for an address", nameof(target));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");
}
