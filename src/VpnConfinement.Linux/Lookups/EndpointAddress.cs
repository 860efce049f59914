using System.Net;
using System.Net.Sockets;
using VpnConfinement.Validation;

namespace VpnConfinement.Linux.Lookups;

/// <summary>Which of the addresses that a name has is used for an endpoint.</summary>
internal static class EndpointAddress
{
    /// <summary>
    /// The address that is used already, where the name still has it: a name with many addresses gives them in another order each time. Else
    /// the first of IPv4, else the first of IPv6.
    /// </summary>
    /// <returns>Null where none can be used.</returns>
    internal static IPAddress? Choose(IEnumerable<IPAddress> answers, IPAddress? current)
    {
        var usable = answers.Select(a => a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a).Where(IsUsable).ToList();
        return usable.FirstOrDefault(a => a.Equals(current))
            ?? usable.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork)
            ?? usable.FirstOrDefault();
    }

    /// <summary>Whether an address may be a VPN server's: never this machine, nobody, many, or a link's own.</summary>
    internal static bool IsUsable(IPAddress address) => UnicastAddress.IsValid(address) && !UnicastAddress.IsLinkLocal(address);
}
