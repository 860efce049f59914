using System.Globalization;
using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Tests.Providers;

/// <summary>What a file means, as lines that can be compared: from a link that wg-quick made, or from what was validated.</summary>
internal static class Meaning
{
    /// <summary>Names of servers, as the file hosts has them.</summary>
    internal static string AddressOf(string name) =>
        $"203.0.113.{150 + (name.Sum(c => c) % 100)}";

    /// <summary>What wg-quick did.</summary>
    /// <param name="printed">What up.sh printed.</param>
    /// <param name="chosen">What the file leaves to the implementation is not compared: the port, the mark.</param>
    internal static List<string> Of(IEnumerable<string> printed, Confinement chosen)
    {
        var link = chosen.Namespaces[0].WireGuard;
        var lines = new List<string>();
        var routes = false;
        foreach (var line in printed)
        {
            var (kind, rest) = (line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            switch (kind)
            {
                case "mtu" or "address":
                    lines.Add($"{kind} {rest}");
                    break;
                case "dns":
                    lines.AddRange(Dns(rest.Split(' ')));
                    break;
                case "dump":
                    lines.AddRange(Dump(rest.Split('\t'), link));
                    break;
                case "route":
                    routes = true;
                    break;
                default:
                    break;
            }
        }

        lines.Add($"routes {routes}");
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>What was validated.</summary>
    internal static List<string> Of(Confinement confinement)
    {
        var ns = confinement.Namespaces[0];
        var link = ns.WireGuard;
        List<string> lines =
        [
            $"mtu {link.Mtu}", $"key {Key(link.PrivateKey)}", $"routes {link.AllowedIPsAsRoutes}",
            .. link.Addresses.Select(a => $"address {a}"), .. ns.DnsServers.Select(s => $"dns {s}"), .. ns.DnsSearch.Select(s => $"search {s}"),
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
            p.PublicKey, p.PresharedKey is null ? "(none)" : Key(p.PresharedKey), Endpoint(p.Endpoint), p.AllowedIPs, p.PersistentKeepalive)));
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Dns(string[] words) => words[0] == "nameserver" ? [$"dns {IPAddress.Parse(words[1])}"] : words[1..].Select(w => $"search {w}");

    private static IEnumerable<string> Dump(string[] fields, WireGuardLink link)
    {
        if (fields.Length > 4)
        {
            yield return Peer(
                fields[0], fields[1], fields[2], fields[3] == "(none)" ? [] : fields[3].Split(',').Select(IPNetwork.Parse),
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

    private static string Peer(string key, string preshared, string endpoint, IEnumerable<IPNetwork> allowed, int keepalive) =>
        $"peer {key} {preshared} {endpoint} [{string.Join(',', allowed.Select(a => a.ToString()).Distinct().Order(StringComparer.Ordinal))}] {keepalive}";

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
