using System.Net.Sockets;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC047, VPC050, VPC077 and VPC104 for the interface itself: addresses, MTU, routes, IPv6.</summary>
internal static class WireGuardRules
{
    // IPv6 needs 1280 bytes (RFC 8200, section 5).
    private const int LeastIPv6Mtu = 1280;

    internal static WireGuardLink? Check(WrittenInterface written, IPv6Mode ipv6, Birthplace? birthplace, HostFacts facts, LeftOut leftOut, DiagnosticBag findings)
    {
        var ns = written.Namespace;
        var addresses = Addresses(written, ipv6, leftOut, findings);
        var privateKey = KeyRules.PrivateKey(written, facts, findings);
        EndpointRules.CheckRefresh(written.Config.RefreshSeconds, written.TablePath + ".dynamicEndpointRefreshSeconds", findings);
        var peers = PeerRules.Check(written, ipv6, facts, leftOut, findings);
        PinningRules.Check(written, findings);
        BirthplaceRules.CheckAttachment(written, findings);
        if (ipv6 == IPv6Mode.Tunnel)
        {
            CheckTunnelled(ns, written, addresses, peers, findings);
        }

        if (written.Config.AllowedIPsAsRoutes is { Value: false } routes)
        {
            ProfileRules.Weak(
                ns, "VPC104", "VPC077", written.Option("allowedIPsAsRoutes"), routes.Span, "No routes are made, so nothing leaves the namespace until something else makes them.",
                "Take the line out unless you make routes in the namespace yourself.", findings);
        }

        var mark = PinningRules.MarkOf(ns);
        return privateKey is null || addresses.Count == 0 ? null : new WireGuardLink
        {
            Interface = written.Name,
            Implementation = ns.Implementation,
            Addresses = addresses,
            AllowedIPsAsRoutes = written.Config.AllowedIPsAsRoutes?.Value ?? true,
            Mtu = written.Config.Mtu?.Value,
            ListenPort = written.Config.ListenPort?.Value,
            FwMark = mark ?? written.Config.FwMark?.Value ?? 0,
            PrivateKey = privateKey,
            GeneratePrivateKey = written.Config.GeneratePrivateKeyFile?.Value ?? false,
            Birthplace = birthplace,
            PinningMark = mark,
            Peers = peers,
        };
    }

    private static List<InterfaceAddress> Addresses(WrittenInterface written, IPv6Mode ipv6, LeftOut leftOut, DiagnosticBag findings)
    {
        var addresses = new List<InterfaceAddress>();
        var path = written.Option("ips");
        var bad = false;
        foreach (var item in written.Config.Addresses)
        {
            if (!IpText.TryParseAddressWithPrefix(item.Value, out var address, out var prefix) || !UnicastAddress.IsValid(address))
            {
                bad = true;
                findings.Error("VPC050", path, item.Span, $"'{Visible.Text(item.Value)}' is not an address of an interface.", "Write an address with its prefix length, as 10.64.0.2/32.");
            }
            else if (ipv6 == IPv6Mode.Disable && address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                leftOut.AddAddress(item);
            }
            else if (!addresses.Contains(new InterfaceAddress(address, prefix)))
            {
                addresses.Add(new InterfaceAddress(address, prefix));
            }
        }

        if (addresses.Count == 0 && !bad)
        {
            CheckNone(written, path, leftOut, findings);
        }

        return addresses;
    }

    private static void CheckNone(WrittenInterface written, string path, LeftOut leftOut, DiagnosticBag findings)
    {
        var example = written.FromFile ? "Address = 10.64.0.2/32" : "ips = [\"10.64.0.2/32\"]";
        if (written.Config.Addresses.Count == 0)
        {
            findings.Error(
                "VPC050", path, written.Config.Name.Span, $"The interface {written.Name} has no address.",
                $"Give it the address that your provider assigned, as {example}.");
            return;
        }

        leftOut.IsRefused = true;
        var tunnel = $"rite ipv6.mode = \"tunnel\" under [{written.Namespace.InToml}]";
        findings.Error(
            "VPC050", path, written.Config.Addresses[0].Span,
            $"The interface {written.Name} has IPv6 addresses only, and IPv6 is disabled in this namespace.",
            written.CanTunnelIPv6
                ? $"W{tunnel}."
                : $"Give it the address that your provider assigned, as {example}, "
                    + $"or w{tunnel} and add an IPv6 allowed IP.");
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
            findings.Error("VPC050", written.Option("mtu"), mtu.Span, $"IPv6 needs an MTU of at least {LeastIPv6Mtu} bytes.", $"Write {LeastIPv6Mtu} or more, or disable IPv6.");
        }
    }
}
