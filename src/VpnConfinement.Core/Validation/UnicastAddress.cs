using System.Net;
using System.Net.Sockets;

namespace VpnConfinement.Validation;

/// <summary>Which addresses a machine can have and others can send to.</summary>
public static class UnicastAddress
{
    /// <summary>False for "this network", loopback, multicast, what is reserved, and broadcast.</summary>
    public static bool IsValid(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? address.GetAddressBytes()[0] is > 0 and < 224 and not 127
        : !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any) && !IPAddress.IsLoopback(address);

    /// <summary>Whether an address means something only on one link, which its text here does not name.</summary>
    public static bool IsLinkLocal(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? address.GetAddressBytes() is [169, 254, ..]
        : address.IsIPv6LinkLocal;
}
