using System.Net;
using System.Net.Sockets;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC041, VPC042 and VPC050 for peers.</summary>
internal static class PeerRules
{
    internal static IReadOnlyList<WireGuardPeer> Check(WrittenInterface written, IPv6Mode ipv6, HostFacts facts, LeftOut leftOut, DiagnosticBag findings)
    {
        var peers = new List<WireGuardPeer>();
        var taken = new HashSet<IPNetwork>();
        if (written.Config.Peers.Count == 0)
        {
            findings.Error("VPC050", written.Path + ".peers", written.Config.Name.Span, $"The interface {written.Name} has no peer, so its tunnel leads nowhere.", "Add the [Peer] section that your provider gave you.");
        }

        foreach (var peer in written.Config.Peers)
        {
            if (Peer(written, peer, ipv6, facts, leftOut, findings) is not { } confined)
            {
                continue;
            }

            if (peers.Any(p => p.PublicKey == confined.PublicKey))
            {
                findings.Error("VPC050", written.Path + ".peers", peer.PublicKey!.Span, "Two peers have the same public key.", "Keep one of the two; list all its allowed IPs there.");
            }
            else
            {
                CheckTaken(peer, taken, written.Path + ".peers.allowedIPs", findings);
            }

            taken.UnionWith(confined.AllowedIPs);
            peers.Add(confined);
        }

        return peers;
    }

    // WireGuard gives a prefix to the peer that was set last and says nothing; the peers of a plan are not in the order of the file.
    private static void CheckTaken(PeerConfig peer, HashSet<IPNetwork> taken, string path, DiagnosticBag findings)
    {
        foreach (var item in peer.AllowedIPs.Where(item => IpText.TryParsePrefix(item.Value, out var prefix) && taken.Contains(prefix)))
        {
            findings.Error("VPC050", path, item.Span, $"The allowed IP {Visible.Text(item.Value)} is another peer's too, and WireGuard would send to only one of them.", "Keep it at the one peer that these packets should go to.");
        }
    }

    private static WireGuardPeer? Peer(WrittenInterface written, PeerConfig peer, IPv6Mode ipv6, HostFacts facts, LeftOut leftOut, DiagnosticBag findings)
    {
        var path = written.Path + ".peers";
        if (peer.PublicKey is not { } publicKey)
        {
            findings.Error("VPC050", path + ".publicKey", peer.Span, "A peer has no public key.", "Add the PublicKey that your provider gave you.");
            return null;
        }

        if (KeyRules.Decode(publicKey.Value) is null)
        {
            // A private key in the wrong place would be shown by its line: the value is left out here and in the caret line's length.
            findings.Error("VPC050", path + ".publicKey", publicKey.Span with { Length = 1 }, "This is not a WireGuard key.", "A key is 32 bytes in base64: 44 characters that end in '='.");
            return null;
        }

        return new WireGuardPeer
        {
            PublicKey = publicKey.Value,
            PresharedKey = KeyRules.PresharedKey(written, peer, publicKey.Value, facts, findings),
            Endpoint = peer.Endpoint is { } endpoint && Endpoint(endpoint, path + ".endpoint", findings) is { } literal ? new PeerEndpoint.Literal(literal) : null,
            AllowedIPs = AllowedIPs(peer, path + ".allowedIPs", ipv6, leftOut, findings),
            PersistentKeepalive = peer.PersistentKeepalive?.Value ?? 0,
        };
    }

    private static IPEndPoint? Endpoint(Located<string> endpoint, string path, DiagnosticBag findings)
    {
        if (IpText.TryParseEndpoint(endpoint.Value, out var literal))
        {
            return literal;
        }

        if (IsHostname(endpoint.Value))
        {
            findings.Error(
                "VPC042", path, endpoint.Span, $"The endpoint {Visible.Text(endpoint.Value)} is a hostname, and looking it up would be a query outside the tunnel.",
                "Write the server's address instead, as 198.51.100.7:51820; your provider lists it beside the name.");
        }
        else
        {
            findings.Error("VPC041", path, endpoint.Span, $"'{Visible.Text(endpoint.Value)}' is not an endpoint.", "Write IPv4:port or [IPv6]:port, as 198.51.100.7:51820.");
        }

        return null;
    }

    // A last label of digits is a misspelled IPv4 address, never a name (RFC 3696, section 2).
    private static bool IsHostname(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !IpText.TryParseNumber(text.AsSpan(colon + 1), 65535, out var port) || port == 0)
        {
            return false;
        }

        var labels = text[..colon].TrimEnd('.').Split('.');
        return DomainName.IsValid(text[..colon]) && !labels[^1].All(char.IsAsciiDigit) && !labels[^1].StartsWith("0x", StringComparison.OrdinalIgnoreCase);
    }

    private static List<IPNetwork> AllowedIPs(PeerConfig peer, string path, IPv6Mode ipv6, LeftOut leftOut, DiagnosticBag findings)
    {
        var prefixes = new List<IPNetwork>();
        foreach (var item in peer.AllowedIPs)
        {
            if (!IpText.TryParsePrefix(item.Value, out var prefix))
            {
                findings.Error("VPC050", path, item.Span, $"'{Visible.Text(item.Value)}' is not an allowed IP.", "Write a prefix, as 0.0.0.0/0 or 10.0.0.0/8.");
            }
            else if (ipv6 == IPv6Mode.Disable && prefix.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6)
            {
                leftOut.Add(item);
            }
            else if (!prefixes.Contains(prefix))
            {
                prefixes.Add(prefix);
            }
        }

        return prefixes;
    }
}
