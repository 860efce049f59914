using System.Net;
using System.Net.Sockets;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC012, VPC014, VPC060 to VPC062 and VPC110: the link between host and namespace.</summary>
internal static class HostLinkRules
{
    private const string HostOption = "hostLink.hostIf";
    private const string InsideOption = "hostLink.nsIf";

    private static readonly string[] ClaimedByNetworkd = ["ve-", "vb-", "vz-", "vt-"];

    // Every cloud's metadata service: a route to it would cut the host off.
    private static readonly IPAddress Metadata = new([169, 254, 169, 254]);

    internal static HostLink? Check(NamespaceConfig ns, NamespaceName name, DiagnosticBag findings)
    {
        if (!IsWanted(ns))
        {
            foreach (var port in ns.IngressFromHost.Take(1))
            {
                findings.Error("VPC061", ns.Path + ".ingress.fromHost.tcp", port.Span, "The host cannot reach a port without a host link.", $"Use publishToHost.tcp, which makes one, or write hostLink.enable = true under [{ns.InToml}].");
            }

            foreach (var port in ns.PublishToHost.Take(1))
            {
                findings.Error("VPC061", ns.Path + ".publishToHost.tcp", port.Span, "A port is published to the host, and hostLink.enable is false.", "Take out one of the two.");
            }

            return null;
        }

        var host = Name(ns.HostInterface, HostLinkDerivation.HostInterface(name), $"{ns.Path}.{HostOption}", findings);
        var inside = Name(ns.NamespaceInterface, HostLinkDerivation.NamespaceInterface(name), $"{ns.Path}.{InsideOption}", findings);
        var subnet = Subnet(ns);
        if (subnet is null)
        {
            var near = IpText.TryParseAddressWithPrefix(ns.Subnet!.Value, out var address, out _) && address.AddressFamily == AddressFamily.InterNetwork && IpText.TryParsePrefix($"{address}/30", out var prefix) && IsUsable(prefix)
                ? prefix.ToString() : "169.254.77.4/30";
            findings.Error("VPC060", ns.Path + ".hostLink.subnetIPv4", ns.Subnet.Span, $"'{Visible.Text(ns.Subnet.Value)}' is not the base of an IPv4 /30 that a link can have.", $"Write a base address that is a multiple of 4, as {near}.");
        }

        if (host is not { } hostIf || inside is not { } nsIf || subnet is not { } net)
        {
            return null;
        }

        if (hostIf == nsIf || hostIf.ToString() == InterfaceRules.NameOf(ns) || nsIf.ToString() == InterfaceRules.NameOf(ns))
        {
            findings.Error("VPC062", ns.Path + ".hostLink", (ns.HostInterface ?? ns.NamespaceInterface ?? ns.Name).Span, "hostIf, nsIf and the WireGuard interface must have three different names.", "Take the names of the host link out; they are derived then.");
        }

        if (ns.HostInterface is { } written && ClaimedByNetworkd.Any(p => written.Value.StartsWith(p, StringComparison.Ordinal)))
        {
            ProfileRules.Weak(
                ns, "VPC110", "VPC110", $"{ns.Path}.{HostOption}", written.Span, $"systemd-networkd's stock files claim {hostIf} and would give it DHCP and NAT.",
                "Take hostIf out, or choose a name that does not begin with ve-, vb-, vz- or vt-.", findings);
        }

        return new HostLink
        {
            HostInterface = hostIf,
            NamespaceInterface = nsIf,
            Subnet = net,
            TcpPorts = Ports.Of(ns.PublishToHost.Concat(ns.IngressFromHost)),
        };
    }

    /// <summary>An address of the tunnel that lies in the host link's subnet would be sought on the host.</summary>
    internal static void CheckTunnel(NamespaceConfig ns, HostLink link, WireGuardLink tunnel, IReadOnlyList<IPAddress> resolvers, DiagnosticBag findings)
    {
        foreach (var address in tunnel.Addresses.Select(a => a.Address).Concat(resolvers).Where(link.Subnet.Contains).Distinct())
        {
            findings.Error(
                "VPC060", ns.Path + ".hostLink.subnetIPv4", (ns.Subnet ?? ns.Name).Span, $"The host link's subnet {link.Subnet} holds {address}, which belongs to the tunnel.",
                $"Write another subnet, as hostLink.subnetIPv4 = \"169.254.77.4/30\" under [{ns.InToml}].");
        }
    }

    /// <summary>The names that the host link of a namespace has, checked or not; none without a link.</summary>
    internal static IEnumerable<InterfaceUse> Names(NamespaceConfig ns)
    {
        if (!IsWanted(ns) || !NamespaceName.TryParse(ns.Name.Value, out var name))
        {
            yield break;
        }

        yield return new InterfaceUse(ns.HostInterface?.Value ?? HostLinkDerivation.HostInterface(name), ns, HostOption, (ns.HostInterface ?? ns.Name).Span, ns.HostInterface is not null);
        yield return new InterfaceUse(ns.NamespaceInterface?.Value ?? HostLinkDerivation.NamespaceInterface(name), ns, InsideOption, (ns.NamespaceInterface ?? ns.Name).Span, ns.NamespaceInterface is not null);
    }

    /// <summary>The subnets of all enabled namespaces that have a host link with one.</summary>
    internal static IReadOnlyList<(NamespaceConfig Namespace, IPNetwork Subnet)> Subnets(ConfigFile config) =>
    [
        .. config.Namespaces.Where(n => n.Enable && IsWanted(n) && NamespaceName.TryParse(n.Name.Value, out _))
            .Select(n => (n, Subnet(n))).Where(n => n.Item2 is not null).Select(n => (n.n, n.Item2!.Value)),
    ];

    /// <summary>Subnets over all namespaces. All are a /30, so that two overlap only when they are the same.</summary>
    internal static void CheckSubnets(IReadOnlyList<(NamespaceConfig Namespace, IPNetwork Subnet)> subnets, DiagnosticBag findings)
    {
        var taken = subnets.Select(s => s.Subnet).ToHashSet();
        var first = new Dictionary<IPNetwork, NamespaceConfig>();
        foreach (var (ns, subnet) in subnets.Where(s => !first.TryAdd(s.Subnet, s.Namespace)))
        {
            findings.Error(
                "VPC014", ns.Path + ".hostLink.subnetIPv4", (ns.Subnet ?? ns.Name).Span, $"The namespaces {first[subnet].Name.Value} and {ns.Name.Value} have the same host-link subnet {subnet}.",
                $"Write hostLink.subnetIPv4 = \"{FreeSubnet(taken)}\" under [{ns.InToml}].");
        }
    }

    // A subnet that no namespace has, and that is not proposed twice.
    private static IPNetwork FreeSubnet(HashSet<IPNetwork> taken)
    {
        var index = 77 * 64;
        while (!taken.Add(At(++index)))
        {
        }

        return At(index);

        static IPNetwork At(int index) => new(new IPAddress([169, 254, (byte)(index >> 6), (byte)((index << 2) & 0xff)]), 30);
    }

    private static bool IsWanted(NamespaceConfig ns) => ns.HostLinkEnable?.Value ?? ns.PublishToHost.Count > 0;

    private static InterfaceName? Name(Located<string>? written, string derived, string path, DiagnosticBag findings)
    {
        if (InterfaceName.TryParse(written?.Value ?? derived, out var name))
        {
            return name;
        }

        findings.Error("VPC012", path, written!.Span, $"'{Visible.Text(written.Value)}' cannot be the name of a network interface.", "Take it out; a name is derived then.");
        return null;
    }

    // Null where what is written is none.
    private static IPNetwork? Subnet(NamespaceConfig ns)
    {
        if (ns.Subnet is not { } written)
        {
            return NamespaceName.TryParse(ns.Name.Value, out var name) ? HostLinkDerivation.Subnet(name) : null;
        }

        return IpText.TryParseAddressWithPrefix(written.Value, out var address, out var length) && length == 30 && address.AddressFamily == AddressFamily.InterNetwork
            && IpText.TryParsePrefix(written.Value, out var prefix) && prefix.BaseAddress.Equals(address) && IsUsable(prefix) ? prefix : null;
    }

    private static bool IsUsable(IPNetwork subnet) => UnicastAddress.IsValid(subnet.BaseAddress) && !subnet.Contains(Metadata);
}
