using System.Globalization;
using System.Net;

namespace VpnConfinement.Plan;

/// <summary>
/// A change of a ruleset, which is loaded in place: which flows have to end with it. Where it is one of lists of what is allowed, only those that are no longer allowed.
/// </summary>
public sealed class RulesetChange
{
    /// <summary>IPPROTO_TCP.</summary>
    public const byte Tcp = 6;

    /// <summary>IPPROTO_UDP.</summary>
    public const byte Udp = 17;

    private const string Elements = "\t\telements = { ";

    // The sets that only rules which accept ask (docs/security.md), and so one that is not there is like an empty one.
    private static readonly Dictionary<string, byte> PortSets = new(StringComparer.Ordinal)
    {
        ["host_tcp_ports"] = Tcp, ["tunnel_tcp_ports"] = Tcp, ["tunnel_udp_ports"] = Udp, ["allowed_tcp_ports"] = Tcp, ["allowed_udp_ports"] = Udp,
    };

    private static readonly string[] PrefixSets = ["allowed_v4", "allowed_v6"];

    // Where everything may leave through the tunnel.
    private const string AllowAll = "\t\tct state new accept";

    private static readonly string[] OfEgress = [AllowAll, "\t\tct state established accept", "\t\tct state established,related accept"];

    private readonly HashSet<(byte Protocol, ushort Port)> _closedPorts = [];
    private readonly List<IPNetwork> _closed = [];
    private readonly List<IPNetwork> _open = [];

    private RulesetChange()
    {
    }

    /// <summary>The change from one text to another.</summary>
    public static RulesetChange Between(string before, string after)
    {
        var (old, now) = (Parts.Of(before), Parts.Of(after));
        var widened = now.Egress.Contains(AllowAll);
        var change = new RulesetChange { EndsEverything = old.Rest != now.Rest || (!widened && !old.Egress.SequenceEqual(now.Egress)) };
        foreach (var (name, elements) in old.Sets.Where(s => !widened || !s.Key.StartsWith("allowed_", StringComparison.Ordinal)))
        {
            var kept = now.Sets.GetValueOrDefault(name) ?? [];
            var closed = elements.Except(kept, StringComparer.Ordinal);
            if (PortSets.TryGetValue(name, out var protocol))
            {
                change._closedPorts.UnionWith(closed.Select(p => (protocol, ushort.Parse(p, NumberStyles.None, CultureInfo.InvariantCulture))));
            }
            else
            {
                change._closed.AddRange(closed.Select(IPNetwork.Parse));
                change._open.AddRange(kept.Select(IPNetwork.Parse));
            }
        }

        return change;
    }

    /// <summary>Whether more than lists of what is allowed changes, so that no flow can be told to be allowed still.</summary>
    public bool EndsEverything { get; private init; }

    /// <summary>Whether flows of before may have to end.</summary>
    public bool ClosesAnything => EndsEverything || _closedPorts.Count + _closed.Count > 0;

    /// <summary>Whether a flow has to end. One too many ends rather than one too few.</summary>
    /// <param name="protocol">Number of its protocol.</param>
    /// <param name="port">The port to which its first packet went; 0 where its protocol has none.</param>
    /// <param name="destination">Where that packet went.</param>
    public bool Ends(byte protocol, ushort port, IPAddress destination) =>
        EndsEverything || _closedPorts.Contains((protocol, port)) || (_closed.Any(p => p.Contains(destination)) && !_open.Any(p => p.Contains(destination)));

    /// <summary>A text in its parts.</summary>
    /// <param name="Rest">All but the lists and what asks them.</param>
    /// <param name="Egress">The lines by which something may leave.</param>
    /// <param name="Sets">The elements of the lists.</param>
    private sealed record Parts(string Rest, IReadOnlyList<string> Egress, IReadOnlyDictionary<string, string[]> Sets)
    {
        internal static Parts Of(string text)
        {
            var (rest, egress) = (new List<string>(), new List<string>());
            var sets = new Dictionary<string, string[]>(StringComparer.Ordinal);
            string? set = null;
            foreach (var line in text.Split('\n'))
            {
                if (line.StartsWith("\tset ", StringComparison.Ordinal) && line["\tset ".Length..].Split(' ')[0] is var name && (PortSets.ContainsKey(name) || PrefixSets.Contains(name)))
                {
                    (set, sets[name]) = (name, []);
                }
                else if (set is not null)
                {
                    if (line.StartsWith(Elements, StringComparison.Ordinal))
                    {
                        sets[set] = line[Elements.Length..].TrimEnd(' ', '}').Split(", ");
                    }

                    set = line == "\t}" ? null : set;
                }
                else if (OfEgress.Contains(line) || line.Contains("@allowed_", StringComparison.Ordinal) || line.StartsWith("\t\ticmp", StringComparison.Ordinal))
                {
                    egress.Add(line);
                }
                else if (line.Length > 0 && !PortSets.Keys.Any(p => line.Contains($"@{p} ", StringComparison.Ordinal)))
                {
                    rest.Add(line);
                }
            }

            return new Parts(string.Join('\n', rest), egress, sets);
        }
    }
}
