using System.Net;
using System.Net.Sockets;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC012 to VPC014, VPC060 to VPC062 and VPC110: the link between host and namespace.</summary>
internal static class HostLinkRules
{
    private static readonly string[] ClaimedByNetworkd = ["ve-", "vb-", "vz-", "vt-"];

    internal static HostLink? Check(NamespaceConfig ns, NamespaceName name, WireGuardLink? tunnel, DiagnosticBag findings)
    {
        var wanted = ns.HostLinkEnable?.Value ?? ns.PublishToHost.Count > 0;
        if (!wanted)
        {
            foreach (var port in ns.IngressFromHost.Take(1))
            {
                findings.Error("VPC061", ns.Path + ".ingress.fromHost.tcp", port.Span, "The host cannot reach a port without a host link.", $"Use {ns.Path}.publishToHost.tcp, which makes one, or write {ns.Path}.hostLink.enable = true.");
            }

            foreach (var port in ns.PublishToHost.Take(1))
            {
                findings.Error("VPC061", ns.Path + ".publishToHost.tcp", port.Span, "A port is published to the host, and hostLink.enable is false.", "Take out one of the two.");
            }

            return null;
        }

        var host = Name(ns.HostInterface, HostLinkDerivation.HostInterface(name), ns.Path + ".hostLink.hostIf", findings);
        var inside = Name(ns.NamespaceInterface, HostLinkDerivation.NamespaceInterface(name), ns.Path + ".hostLink.nsIf", findings);
        var subnet = Subnet(ns, name, findings);
        if (host is not { } hostIf || inside is not { } nsIf || subnet is not { } net)
        {
            return null;
        }

        if (hostIf == nsIf || (tunnel is not null && (hostIf == tunnel.Interface || nsIf == tunnel.Interface)))
        {
            findings.Error("VPC062", ns.Path + ".hostLink", (ns.HostInterface ?? ns.NamespaceInterface ?? ns.Name).Span, "hostIf, nsIf and the WireGuard interface must have three different names.", "Take the names of the host link out; they are derived then.");
        }

        if (ClaimedByNetworkd.Any(p => hostIf.ToString().StartsWith(p, StringComparison.Ordinal)))
        {
            findings.Warning("VPC110", ns.Path + ".hostLink.hostIf", ns.HostInterface!.Span, $"systemd-networkd's stock files claim {hostIf} and would give it DHCP and NAT.", "Take hostIf out, or choose a name that does not begin with ve-, vb-, vz- or vt-.");
        }

        return new HostLink
        {
            HostInterface = hostIf,
            NamespaceInterface = nsIf,
            Subnet = net,
            TcpPorts = [.. ns.PublishToHost.Concat(ns.IngressFromHost).Select(p => (ushort)p.Value).Distinct().Order()],
        };
    }

    /// <summary>Names and subnets over all namespaces.</summary>
    internal static void CheckOverlaps(IReadOnlyList<ConfinedNamespace> namespaces, ConfigFile config, DiagnosticBag findings)
    {
        // All tunnels first: that two of them share a name is found elsewhere, that a link has the name of a later one would not be.
        var names = namespaces.DistinctBy(n => n.WireGuard.Interface).ToDictionary(n => n.WireGuard.Interface.ToString(), StringComparer.Ordinal);
        var subnets = new Dictionary<IPAddress, ConfinedNamespace>();
        var writtenByName = config.Namespaces.ToDictionary(n => n.Name.Value, StringComparer.Ordinal);
        foreach (var ns in namespaces)
        {
            var written = writtenByName[ns.Name.ToString()];
            foreach (var name in ns.HostLink is { } link ? new[] { link.HostInterface, link.NamespaceInterface } : [])
            {
                if (!names.TryAdd(name.ToString(), ns) && names[name.ToString()] != ns)
                {
                    findings.Error("VPC013", written.Path + ".hostLink", written.Name.Span, $"The interface name {name} is used by the namespaces {names[name.ToString()].Name} and {ns.Name}.", "Choose another name.");
                }
            }

            if (ns.HostLink is { } own && !subnets.TryAdd(own.Subnet.BaseAddress, ns))
            {
                findings.Error(
                    "VPC014", written.Path + ".hostLink.subnetIPv4", written.Subnet?.Span ?? written.Name.Span, $"The namespaces {subnets[own.Subnet.BaseAddress].Name} and {ns.Name} have the same host-link subnet {own.Subnet}.",
                    $"Write another one, as {written.Path}.hostLink.subnetIPv4 = \"169.254.77.4/30\".");
            }
        }
    }

    private static InterfaceName? Name(Located<string>? written, string derived, string path, DiagnosticBag findings)
    {
        if (InterfaceName.TryParse(written?.Value ?? derived, out var name))
        {
            return name;
        }

        findings.Error("VPC012", path, written!.Span, $"'{Visible.Text(written.Value)}' cannot be the name of a network interface.", "Take it out; a name is derived then.");
        return null;
    }

    private static IPNetwork? Subnet(NamespaceConfig ns, NamespaceName name, DiagnosticBag findings)
    {
        if (ns.Subnet is not { } written)
        {
            return HostLinkDerivation.Subnet(name);
        }

        if (IpText.TryParseAddressWithPrefix(written.Value, out var address, out var length) && length == 30
            && address.AddressFamily == AddressFamily.InterNetwork && (address.GetAddressBytes()[3] & 3) == 0
            && address.GetAddressBytes()[0] is > 0 and < 224 and not 127)
        {
            return new IPNetwork(address, 30);
        }

        findings.Error("VPC060", ns.Path + ".hostLink.subnetIPv4", written.Span, $"'{Visible.Text(written.Value)}' is not the base of an IPv4 /30.", "Write a base address that is a multiple of 4, as 169.254.77.4/30.");
        return null;
    }
}
