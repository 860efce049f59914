using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Tests.Providers;

/// <summary>
/// What a file means, as lines that can be compared: from a link that wg-quick made, or from what was validated.
/// </summary>
internal static class Meaning
{
    /// <summary>Names of servers, as the file hosts has them.</summary>
    internal static string AddressOf(string name) =>
        $"203.0.113.{150 + (name.Sum(c => c) % 100)}";

    /// <summary>What wg-quick did.</summary>
    /// <param name="printed">What up.sh printed.</param>
    /// <param name="chosen">What the file leaves to the implementation is not compared: the port, the mark.</param>
    /// <param name="withoutIPv6">Whether what is IPv6 inside the tunnel is left out.</param>
    internal static List<string> Of(IEnumerable<string> printed, Confinement chosen, bool withoutIPv6)
    {
        var link = chosen.Namespaces[0].WireGuard;
        var lines = new List<string>();
        List<string> servers = [], search = [];
        var routes = new List<IPNetwork>();
        var allowed = new List<IPNetwork>();
        foreach (var line in printed)
        {
            var (kind, rest) = (line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            switch (kind)
            {
                case "address" when withoutIPv6 && rest.Contains(':', StringComparison.Ordinal):
                case "dns" when withoutIPv6 && rest.Contains(':', StringComparison.Ordinal):
                    break;
                case "mtu" or "address":
                    lines.Add($"{kind} {rest}");
                    break;
                case "dns":
                    var words = rest.Split(' ');
                    (words[0] == "nameserver" ? servers : search).AddRange(words[1..]);
                    break;
                case "dump":
                    lines.AddRange(Dump(rest.Split('\t'), link, withoutIPv6, allowed));
                    break;
                case "route4" or "route6":
                    routes.Add(Route(rest, kind == "route6"));
                    break;
                default:
                    break;
            }
        }

        lines.Add($"dns {string.Join(' ', servers.Select(IPAddress.Parse))}");
        lines.Add($"search {string.Join(' ', search)}");

        // It makes no route where that of an address leads there already.
        lines.Add($"routes {allowed.TrueForAll(a => routes.Exists(r => Holds(r, a)))}");
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>What was validated.</summary>
    internal static List<string> Of(Confinement confinement)
    {
        var ns = confinement.Namespaces[0];
        var link = ns.WireGuard;
        List<string> lines =
        [
            $"mtu {link.Mtu ?? TunnelMtu.Default}", $"key {Key(link.PrivateKey)}", $"routes {link.AllowedIPsAsRoutes}",
            .. link.Addresses.Select(a => $"address {a}"),
            $"dns {string.Join(' ', ns.DnsServers)}", $"search {string.Join(' ', ns.DnsSearch)}",
        ];
        if (link.ListenPort is { } port)
        {
            lines.Add($"port {port}");
        }

        if (link.FwMark != 0)
        {
            lines.Add($"mark {link.FwMark}");
        }

        lines.AddRange(link.Peers.Select(p => Peer(
            $"{p.PublicKey}", p.PresharedKey is null ? "(none)" : Key(p.PresharedKey), Endpoint(p.Endpoint), p.AllowedIPs,
            p.PersistentKeepalive)));
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static IPNetwork Route(string text, bool isIPv6) =>
        text == "default" ? new IPNetwork(isIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0)
        : text.Contains('/', StringComparison.Ordinal) ? IPNetwork.Parse(text)
        : new IPNetwork(IPAddress.Parse(text), isIPv6 ? 128 : 32);

    private static bool Holds(IPNetwork route, IPNetwork prefix) =>
        route.PrefixLength <= prefix.PrefixLength && route.Contains(prefix.BaseAddress);

    private static IEnumerable<string> Dump(
        string[] fields, WireGuardLink link, bool withoutIPv6, List<IPNetwork> allowed)
    {
        if (fields.Length > 4)
        {
            var own = fields[3].Split(',').Where(a => a != "(none)").Select(IPNetwork.Parse)
                .Where(a => !withoutIPv6 || a.BaseAddress.AddressFamily == AddressFamily.InterNetwork).ToList();
            allowed.AddRange(own);
            yield return Peer(
                fields[0], fields[1], fields[2], own,
                fields[7] == "off" ? 0 : int.Parse(fields[7], CultureInfo.InvariantCulture));
            yield break;
        }

        yield return $"key {fields[0]}";
        if (link.ListenPort is not null)
        {
            yield return $"port {fields[2]}";
        }

        if (link.FwMark != 0)
        {
            yield return $"mark {Convert.ToUInt32(fields[3], 16)}";
        }
    }

    private static string Peer(
        string key, string preshared, string endpoint, IEnumerable<IPNetwork> allowed, int keepalive)
    {
        var prefixes = allowed.Select(a => a.ToString()).Distinct().Order(StringComparer.Ordinal);
        return $"peer {key} {preshared} {endpoint} [{string.Join(',', prefixes)}] {keepalive}";
    }

    private static string Endpoint(PeerEndpoint? endpoint) => endpoint switch
    {
        null => "(none)",
        PeerEndpoint.Literal literal => literal.Address.ToString(),
        PeerEndpoint.Hostname name => $"{AddressOf(name.Name)}:{name.Port}",
        _ => throw new InvalidOperationException("an endpoint of an unknown kind"),
    };

    private static string Key(KeySource source) => source switch
    {
        KeySource.Copied copied => Convert.ToBase64String(copied.Key.Reveal()),
        // The file beside it has this one.
        KeySource.UserFile => ProviderText.PrivateKey,
        _ => throw new InvalidOperationException("a key of an unknown kind"),
    };
}
