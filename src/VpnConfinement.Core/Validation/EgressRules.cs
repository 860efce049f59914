using System.Net;
using System.Net.Sockets;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC030 to VPC032 and VPC117: what may leave through the tunnel.</summary>
internal static class EgressRules
{
    internal static Egress Check(NamespaceConfig ns, IPv6Mode ipv6, DiagnosticBag findings)
    {
        var standard = ProfileRules.Of(ns) == SecurityProfile.HighAssurance ? EgressMode.AllowList : EgressMode.AllowAllTunnel;
        var egress = new Egress
        {
            Mode = ns.EgressMode?.Value ?? standard,
            TcpPorts = Ports.Of(ns.AllowedTcpPorts ?? []),
            UdpPorts = Ports.Of(ns.AllowedUdpPorts ?? []),
            Cidrs = Cidrs(ns, ipv6, findings),
            EssentialIcmp = ns.AllowEssentialIcmp?.Value ?? true,
        };
        if (egress.Mode == EgressMode.AllowAllTunnel && !findings.WasRefused(ns.Path + ".egress.mode"))
        {
            CheckUnused(ns, findings);
        }
        else if (egress.Mode == EgressMode.AllowList && ns.EgressMode is { } mode && ns.AllowedTcpPorts is not { Count: > 0 } && ns.AllowedUdpPorts is not { Count: > 0 } && ns.AllowedCidrs is not { Count: > 0 })
        {
            findings.Notice(
                "VPC117", ns.Path + ".egress.mode", mode.Span, $"The list of what may leave the namespace {Visible.Text(ns.Name.Value)} is empty, so that nothing but DNS to its resolvers does.",
                $"List egress.allowedCidrs, egress.allowedTcpPorts or egress.allowedUdpPorts under [{ns.InToml}], unless that is meant.");
        }

        return egress;
    }

    // A list that restricts nothing was meant to restrict something; an empty one as well.
    private static void CheckUnused(NamespaceConfig ns, DiagnosticBag findings)
    {
        Check("allowedTcpPorts", ns.AllowedTcpPorts?.Select(p => p.Span));
        Check("allowedUdpPorts", ns.AllowedUdpPorts?.Select(p => p.Span));
        Check("allowedCidrs", ns.AllowedCidrs?.Select(c => c.Span));

        void Check(string name, IEnumerable<SourceSpan>? items)
        {
            if (items is not null)
            {
                findings.Error(
                    "VPC032", $"{ns.Path}.egress.{name}", items.FirstOrDefault(ns.EgressMode?.Span ?? ns.Name.Span), $"egress.{name} restricts nothing while egress.mode is \"allowAllTunnel\".",
                    $"Write egress.mode = \"allowList\" under [{ns.InToml}], or take {name} out.");
            }
        }
    }

    private static IReadOnlyList<IPNetwork> Cidrs(NamespaceConfig ns, IPv6Mode ipv6, DiagnosticBag findings)
    {
        var path = ns.Path + ".egress.allowedCidrs";
        var prefixes = new List<IPNetwork>();
        foreach (var item in ns.AllowedCidrs ?? [])
        {
            var text = Visible.Text(item.Value);
            if (!IpText.TryParseAddressWithPrefix(item.Value, out var address, out var length))
            {
                findings.Error("VPC030", path, item.Span, $"'{text}' is neither an address nor a prefix.", "Write literal addresses only, as 198.51.100.7 or 198.51.100.0/24.");
            }
            else if (!IpText.TryParsePrefix(item.Value, out var prefix) || !prefix.BaseAddress.Equals(address))
            {
                findings.Error("VPC030", path, item.Span, $"'{text}' has bits set beyond its first {length}, so that it can be read in two ways.", $"Write {prefix} for the whole prefix, or {address} for that address alone.");
            }
            else if (ipv6 == IPv6Mode.Disable && address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                findings.Error("VPC031", path, item.Span, $"{text} is IPv6, and IPv6 is disabled in this namespace.", $"Take it out, or write ipv6.mode = \"tunnel\" under [{ns.InToml}].");
            }
            else
            {
                prefixes.Add(prefix);
            }
        }

        return PrefixMerge.Merge(prefixes);
    }
}
