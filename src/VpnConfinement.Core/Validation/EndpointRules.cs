using System.Net;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC041 to VPC043 and VPC101: where peers are.</summary>
internal static class EndpointRules
{
    // Names are looked up outside the tunnel: often enough to follow a server, rarely enough not to flood a resolver.
    private const int LeastRefreshSeconds = 10;

    internal static PeerEndpoint? Check(WrittenInterface written, PeerConfig peer, int index, DiagnosticBag findings)
    {
        CheckRefresh(peer.RefreshSeconds, written.PeerOption(index, "dynamicEndpointRefreshSeconds"), findings);
        if (peer.Endpoint is not { } endpoint)
        {
            return null;
        }

        var path = written.PeerOption(index, "endpoint");
        if (IpText.TryParseEndpoint(endpoint.Value, out var literal))
        {
            return Literal(literal, endpoint, path, findings);
        }

        if (EndpointText.TryParseHostname(endpoint.Value, out var name, out var port))
        {
            return Hostname(written, peer.RefreshSeconds, endpoint, path, findings) is { } seconds ? new PeerEndpoint.Hostname(name, port, seconds) : null;
        }

        if (EndpointText.IsLocalhost(endpoint.Value))
        {
            Loopback(endpoint, path, findings);
            return null;
        }

        findings.Error("VPC041", path, endpoint.Span, $"'{Visible.Text(endpoint.Value)}' is not an endpoint.", "Write IPv4:port or [IPv6]:port, as 198.51.100.7:51820.");
        return null;
    }

    /// <summary>The least time between look-ups, wherever one is written.</summary>
    internal static void CheckRefresh(Located<int>? seconds, string path, DiagnosticBag findings)
    {
        if (seconds is { Value: > 0 and < LeastRefreshSeconds })
        {
            findings.Error("VPC043", path, seconds.Span, $"A name would be looked up every {seconds.Value} s; the least is {LeastRefreshSeconds} s.", $"Write {LeastRefreshSeconds} or more, as 60.");
        }
    }

    private static PeerEndpoint.Literal? Literal(IPEndPoint literal, Located<string> endpoint, string path, DiagnosticBag findings)
    {
        if (UnicastAddress.IsValid(literal.Address) && !literal.Address.IsIPv6LinkLocal)
        {
            return new PeerEndpoint.Literal(literal);
        }

        if (IPAddress.IsLoopback(literal.Address))
        {
            Loopback(endpoint, path, findings);
            return null;
        }

        findings.Error("VPC041", path, endpoint.Span, $"{literal.Address} cannot be the address of a server.", "Write the address that your provider gave you, as 198.51.100.7:51820.");
        return null;
    }

    private static void Loopback(Located<string> endpoint, string path, DiagnosticBag findings) => findings.Error(
        "VPC041", path, endpoint.Span,
        $"The endpoint {Visible.Text(endpoint.Value)} is a program on this host, as wstunnel or udp2raw; "
        + "it is not started, bound or pinned with the tunnel.",
        "Write the server's own address, as 198.51.100.7:51820, "
        + "or have the program listen on another address of this host and write that.");

    // The seconds between look-ups, or null where the name is refused.
    private static int? Hostname(WrittenInterface written, Located<int>? own, Located<string> endpoint, string path, DiagnosticBag findings)
    {
        var ns = written.Namespace;
        var name = Visible.Text(endpoint.Value);
        if (ns.AllowHostnameEndpoints?.Value != true)
        {
            var literal = "Write the server's address instead, as 198.51.100.7:51820; your provider lists it beside the name.";
            var refresh = own is { Value: > 0 } || written.Config.RefreshSeconds is { Value: > 0 } ? "" : $", and dynamicEndpointRefreshSeconds = 60 under [{written.TableInToml}]";
            findings.Error(
                "VPC042", path, endpoint.Span, $"The endpoint {name} is a hostname, and looking it up would be a query outside the tunnel.",
                ProfileRules.Of(ns) == SecurityProfile.HighAssurance || PinningRules.MarkOf(ns) is not null ? literal : $"{literal} To allow it, write wireguard.allowHostnameEndpoints = true under [{ns.InToml}]{refresh}.");
            return null;
        }

        if (ProfileRules.Of(ns) == SecurityProfile.Balanced)
        {
            findings.Warning("VPC101", path, endpoint.Span, $"The endpoint {name} is a hostname: it is looked up outside the tunnel, and whoever answers chooses the server's address.", "Write the server's address instead, as 198.51.100.7:51820.");
        }

        var seconds = (own ?? written.Config.RefreshSeconds)?.Value ?? 0;
        if (seconds > 0)
        {
            return seconds;
        }

        findings.Error(
            "VPC043", path, endpoint.Span, $"The endpoint {name} would be looked up once and never again.",
            own is null ? $"Write dynamicEndpointRefreshSeconds = 60 under [{written.TableInToml}]." : "Write 60 for this peer's dynamicEndpointRefreshSeconds, or take it out and write one for the interface.");
        return null;
    }
}
