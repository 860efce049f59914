using System.Net;
using System.Net.Sockets;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC050 for peers, their keys and allowed IPs; VPC051.</summary>
internal static class PeerRules
{
    internal static IReadOnlyList<WireGuardPeer> Check(WrittenInterface written, IPv6Mode ipv6, HostFacts facts, LeftOut leftOut, DiagnosticBag findings)
    {
        var peers = new List<WireGuardPeer>();
        var keys = new HashSet<PublicKey>();
        var taken = new HashSet<IPNetwork>();
        if (written.Config.Peers.Count == 0)
        {
            findings.Error("VPC050", written.Option("peers"), written.Config.Name.Span, $"The interface {written.Name} has no peer, so its tunnel leads nowhere.", "Add the [Peer] section that your provider gave you.");
        }

        foreach (var (peer, index) in written.Config.Peers.Select((p, i) => (p, i)))
        {
            var confined = Peer(written, peer, index, ipv6, facts, leftOut, findings);
            if (confined is null)
            {
                continue;
            }

            if (!keys.Add(confined.PublicKey))
            {
                findings.Error("VPC050", written.PeerOption(index, "publicKey"), peer.PublicKey!.Span, "Two peers have the same public key.", "Keep one of the two; list all its allowed IPs there.");
            }
            else
            {
                CheckTaken(peer, taken, written.PeerOption(index, "allowedIPs"), findings);
            }

            taken.UnionWith(confined.AllowedIPs);
            peers.Add(confined);
        }

        if (peers.Count > 0 && peers.Count == written.Config.Peers.Count && peers.All(p => p.AllowedIPs.Count == 0))
        {
            CheckNone(written, ipv6, leftOut, findings);
        }

        CheckEndpoints(written, findings);
        return peers;
    }

    // Pinning refuses each peer without an endpoint on its own.
    private static void CheckEndpoints(WrittenInterface written, DiagnosticBag findings)
    {
        var config = written.Config;
        if (config.Peers.Count == 0 || config.ListenPort is not null || config.Peers.Any(p => p.Endpoint is not null)
            || PinningRules.MarkOf(written.Namespace) is not null)
        {
            return;
        }

        findings.Error(
            "VPC051", written.PeerOption(0, "endpoint"), config.Peers[0].Span,
            $"No peer of {written.Name} has an endpoint, and it has no listen port: nothing can ever go out.",
            written.FromFile
                ? "Add the Endpoint line that your provider gave you, as Endpoint = 198.51.100.7:51820."
                : "Write endpoint = \"198.51.100.7:51820\" for the peer, or a listenPort where the peer calls.");
    }

    // Peers that were refused or had a bad prefix have a finding already.
    private static void CheckNone(WrittenInterface written, IPv6Mode ipv6, LeftOut leftOut, DiagnosticBag findings)
    {
        var items = written.Config.Peers.SelectMany(p => p.AllowedIPs).ToList();
        if (items.TrueForAll(i => IpText.TryParsePrefix(i.Value, out _)))
        {
            var left = ipv6 == IPv6Mode.Disable && items.Count > 0;
            if (left && leftOut.IsRefused)
            {
                return;
            }

            var tunnel = left && written.CanTunnelIPv6;
            leftOut.IsRefused |= tunnel;
            findings.Error(
                "VPC050", written.PeerOption(0, "allowedIPs"), left ? items[0].Span : written.Config.Peers[0].Span,
                left ? $"The peers of {written.Name} have IPv6 allowed IPs only, and IPv6 is disabled in this namespace." : $"No peer of {written.Name} has an allowed IP, so that nothing can go through the tunnel.",
                tunnel
                    ? $"Write ipv6.mode = \"tunnel\" under [{written.Namespace.InToml}]."
                    : "Write which addresses are behind the peer, as "
                        + $"{(written.FromFile ? "AllowedIPs = 0.0.0.0/0" : "allowedIPs = [\"0.0.0.0/0\"]")}.");
        }
    }

    // WireGuard gives a prefix to the peer that was set last and says nothing; the peers of a plan are not in the order of the file.
    private static void CheckTaken(PeerConfig peer, HashSet<IPNetwork> taken, string path, DiagnosticBag findings)
    {
        foreach (var item in peer.AllowedIPs.Where(item => IpText.TryParsePrefix(item.Value, out var prefix) && taken.Contains(prefix)))
        {
            findings.Error("VPC050", path, item.Span, $"The allowed IP {Visible.Text(item.Value)} is another peer's too, and WireGuard would send to only one of them.", "Keep it at the one peer that these packets should go to.");
        }
    }

    private static WireGuardPeer? Peer(WrittenInterface written, PeerConfig peer, int index, IPv6Mode ipv6, HostFacts facts, LeftOut leftOut, DiagnosticBag findings)
    {
        var endpoint = EndpointRules.Check(written, peer, index, findings);
        var allowedIPs = AllowedIPs(peer, written.PeerOption(index, "allowedIPs"), ipv6, leftOut, findings);
        var presharedKey = KeyRules.PresharedKey(written, peer, index, peer.PublicKey?.Value ?? "", facts, findings);
        var path = written.PeerOption(index, "publicKey");
        if (peer.PublicKey is not { } publicKey)
        {
            findings.Error("VPC050", path, peer.Span, "A peer has no public key.", "Add the PublicKey that your provider gave you.");
            return null;
        }

        if (!PublicKey.TryParse(publicKey.Value, out var key))
        {
            // A private key in the wrong place would be shown by its line: the value is left out here and in the caret line's length.
            findings.Error("VPC050", path, publicKey.Span with { Length = 1 }, "This is not a WireGuard key.", "A key is 32 bytes in base64: 44 characters that end in '='.");
            return null;
        }

        return new WireGuardPeer
        {
            PublicKey = key,
            PresharedKey = presharedKey,
            Endpoint = endpoint,
            AllowedIPs = allowedIPs,
            PersistentKeepalive = peer.PersistentKeepalive?.Value ?? 0,
        };
    }

    private static List<IPNetwork> AllowedIPs(PeerConfig peer, string path, IPv6Mode ipv6, LeftOut leftOut, DiagnosticBag findings)
    {
        var prefixes = new List<IPNetwork>();
        var seen = new HashSet<IPNetwork>();
        foreach (var item in peer.AllowedIPs)
        {
            if (!IpText.TryParsePrefix(item.Value, out var prefix))
            {
                findings.Error("VPC050", path, item.Span, $"'{Visible.Text(item.Value)}' is not an allowed IP.", "Write a prefix, as 0.0.0.0/0 or 10.0.0.0/8.");
            }
            else if (ipv6 == IPv6Mode.Disable && prefix.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6)
            {
                leftOut.AddAllowedIP(item);
            }
            else if (seen.Add(prefix))
            {
                prefixes.Add(prefix);
            }
        }

        return prefixes;
    }
}
