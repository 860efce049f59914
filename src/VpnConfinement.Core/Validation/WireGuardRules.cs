using System.Net;
using System.Net.Sockets;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC047 and VPC050 for the interface itself: addresses, MTU, IPv6.</summary>
internal static class WireGuardRules
{
    // IPv6 needs 1280 bytes (RFC 8200, section 5).
    private const int LeastIPv6Mtu = 1280;

    internal static WireGuardLink? Check(NamespaceConfig ns, WrittenInterface written, IPv6Mode ipv6, HostFacts facts, LeftOut leftOut, DiagnosticBag findings)
    {
        var addresses = Addresses(written, ipv6, leftOut, findings);
        var privateKey = KeyRules.PrivateKey(written, facts, findings);
        var peers = PeerRules.Check(written, ipv6, facts, leftOut, findings);
        if (ipv6 == IPv6Mode.Tunnel)
        {
            CheckTunnelled(ns, written, addresses, peers, findings);
        }

        if (written.Config.AllowedIPsAsRoutes is { Value: false } routes)
        {
            findings.Warning("VPC104", written.Path + ".allowedIPsAsRoutes", routes.Span, "No routes are made, so nothing leaves the namespace until something else makes them.", "Take the line out unless you make routes in the namespace yourself.");
        }

        return privateKey is null || addresses.Count == 0 ? null : new WireGuardLink
        {
            Interface = written.Name,
            Implementation = ns.Implementation,
            Addresses = addresses,
            AllowedIPsAsRoutes = written.Config.AllowedIPsAsRoutes?.Value ?? true,
            Mtu = written.Config.Mtu?.Value ?? WireGuardLink.DefaultMtu,
            ListenPort = written.Config.ListenPort?.Value,
            FwMark = written.Config.FwMark?.Value ?? 0,
            PrivateKey = privateKey,
            GeneratePrivateKey = written.Config.GeneratePrivateKeyFile?.Value ?? false,
            Birthplace = null,
            PinningMark = null,
            Peers = peers,
        };
    }

    private static List<InterfaceAddress> Addresses(WrittenInterface written, IPv6Mode ipv6, LeftOut leftOut, DiagnosticBag findings)
    {
        var addresses = new List<InterfaceAddress>();
        var path = written.Path + ".ips";
        foreach (var item in written.Config.Addresses)
        {
            if (!IpText.TryParseAddressWithPrefix(item.Value, out var address, out var prefix) || !IsUnicast(address))
            {
                findings.Error("VPC050", path, item.Span, $"'{Visible.Text(item.Value)}' is not an address of an interface.", "Write an address with its prefix length, as 10.64.0.2/32.");
            }
            else if (ipv6 == IPv6Mode.Disable && address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                leftOut.Add(item);
            }
            else if (!addresses.Contains(new InterfaceAddress(address, prefix)))
            {
                addresses.Add(new InterfaceAddress(address, prefix));
            }
        }

        if (addresses.Count == 0 && !findings.HasErrors)
        {
            findings.Error("VPC050", path, written.Config.Name.Span, $"The interface {written.Name} has no address that can be used.", "Give it the address that your provider assigned, as Address = 10.64.0.2/32.");
        }

        return addresses;
    }

    private static void CheckTunnelled(NamespaceConfig ns, WrittenInterface written, List<InterfaceAddress> addresses, IReadOnlyList<WireGuardPeer> peers, DiagnosticBag findings)
    {
        var span = ns.IPv6!.Span;
        if (addresses.All(a => a.Address.AddressFamily != AddressFamily.InterNetworkV6)
            || peers.SelectMany(p => p.AllowedIPs).All(p => p.BaseAddress.AddressFamily != AddressFamily.InterNetworkV6))
        {
            findings.Error(
                "VPC047", ns.Path + ".ipv6.mode", span, $"IPv6 cannot be tunnelled: the interface {written.Name} needs both an IPv6 address and an IPv6 allowed IP.",
                "Add both, or write ipv6.mode = \"disable\".");
        }

        if (written.Config.Mtu is { Value: < LeastIPv6Mtu } mtu)
        {
            findings.Error("VPC050", written.Path + ".mtu", mtu.Span, $"IPv6 needs an MTU of at least {LeastIPv6Mtu} bytes.", $"Write {LeastIPv6Mtu} or more, or disable IPv6.");
        }
    }

    private static bool IsUnicast(IPAddress address)
    {
        var first = address.GetAddressBytes()[0];
        return address.AddressFamily == AddressFamily.InterNetwork ? first is > 0 and < 224 and not 127 : first != 0xff && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.IPv6Loopback);
    }
}
