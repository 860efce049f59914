using System.Globalization;
using System.Net;

namespace VpnConfinement.Plan;

/// <summary>
/// A change of a ruleset in nothing but its lists of what is allowed: it can be loaded in place, and only the flows that it no longer allows have to end.
/// </summary>
public sealed class RulesetChange
{
    /// <summary>IPPROTO_TCP.</summary>
    public const byte Tcp = 6;

    /// <summary>IPPROTO_UDP.</summary>
    public const byte Udp = 17;

    private const string Elements = "\t\telements = { ";

    // The sets that only rules which accept ask (docs/security.md).
    private static readonly Dictionary<string, byte> PortSets = new(StringComparer.Ordinal)
    {
        ["host_tcp_ports"] = Tcp, ["tunnel_tcp_ports"] = Tcp, ["tunnel_udp_ports"] = Udp, ["allowed_tcp_ports"] = Tcp, ["allowed_udp_ports"] = Udp,
    };

    private static readonly string[] PrefixSets = ["allowed_v4", "allowed_v6"];

    private readonly HashSet<(byte Protocol, ushort Port)> _closedPorts = [];
    private readonly List<IPNetwork> _closed = [];
    private readonly List<IPNetwork> _open = [];

    private RulesetChange()
    {
    }

    /// <summary>The change from one text to another; null where anything else differs.</summary>
    public static RulesetChange? Between(string before, string after)
    {
        var (oldRest, oldSets) = Split(before);
        var (newRest, newSets) = Split(after);
        if (oldRest != newRest)
        {
            return null;
        }

        var change = new RulesetChange();
        foreach (var (name, elements) in oldSets)
        {
            var closed = elements.Except(newSets[name], StringComparer.Ordinal);
            if (PortSets.TryGetValue(name, out var protocol))
            {
                change._closedPorts.UnionWith(closed.Select(p => (protocol, ushort.Parse(p, NumberStyles.None, CultureInfo.InvariantCulture))));
            }
            else
            {
                change._closed.AddRange(closed.Select(IPNetwork.Parse));
                change._open.AddRange(newSets[name].Select(IPNetwork.Parse));
            }
        }

        return change;
    }

    /// <summary>Whether flows of before may have to end.</summary>
    public bool ClosesAnything => _closedPorts.Count + _closed.Count > 0;

    /// <summary>Whether a flow has to end. One too many ends rather than one too few.</summary>
    /// <param name="protocol">Number of its protocol.</param>
    /// <param name="port">The port to which its first packet went; 0 where its protocol has none.</param>
    /// <param name="destination">Where that packet went.</param>
    public bool Ends(byte protocol, ushort port, IPAddress destination) =>
        _closedPorts.Contains((protocol, port)) || (_closed.Any(p => p.Contains(destination)) && !_open.Any(p => p.Contains(destination)));

    // The text without the elements of those sets, and these.
    private static (string Skeleton, Dictionary<string, string[]> Sets) Split(string text)
    {
        var rest = new List<string>();
        var sets = new Dictionary<string, string[]>(StringComparer.Ordinal);
        string? set = null;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("\tset ", StringComparison.Ordinal))
            {
                var name = line["\tset ".Length..].Split(' ')[0];
                set = PortSets.ContainsKey(name) || PrefixSets.Contains(name) ? name : null;
                if (set is not null)
                {
                    sets[set] = [];
                }
            }
            else if (line == "\t}")
            {
                set = null;
            }
            else if (set is not null && line.StartsWith(Elements, StringComparison.Ordinal))
            {
                sets[set] = line[Elements.Length..].TrimEnd(' ', '}').Split(", ");
                continue;
            }

            rest.Add(line);
        }

        return (string.Join('\n', rest), sets);
    }
}
