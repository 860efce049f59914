using System.Text.RegularExpressions;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>Changes a ruleset's text in every small way: a rule left out, its verdict turned, one of its terms left out or turned, names swapped, a set's element left out, a chain's policy.</summary>
internal static partial class Mutants
{
    internal static IEnumerable<Mutant> Of(string ruleset)
    {
        var lines = ruleset.Split('\n');
        var block = "";
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith("chain ", StringComparison.Ordinal) || line.StartsWith("set ", StringComparison.Ordinal) || line.StartsWith("counter ", StringComparison.Ordinal))
            {
                block = line.TrimEnd('{', ' ');
                continue;
            }

            if (line.StartsWith("type filter", StringComparison.Ordinal))
            {
                var last = Array.FindIndex(lines, i, l => l.Trim() == "}") - 1;
                string[] mutant = [.. lines[..i], lines[i].Replace("policy drop", "policy accept", StringComparison.Ordinal), .. lines[(i + 1)..last], .. lines[(last + 1)..]];
                yield return new Mutant($"{block}: nothing refuses what is left", string.Join('\n', mutant));
            }

            foreach (var (what, changed) in Changes(block, line))
            {
                string[] mutant = [.. lines[..i], .. changed.Length == 0 ? Array.Empty<string>() : [changed], .. lines[(i + 1)..]];
                yield return new Mutant($"{block}: {what}", string.Join('\n', mutant));
            }
        }
    }

    private static IEnumerable<(string What, string Changed)> Changes(string block, string line)
    {
        if (block.StartsWith("set ", StringComparison.Ordinal))
        {
            return line.StartsWith("elements", StringComparison.Ordinal) ? Elements(line) : [];
        }

        return !block.StartsWith("chain ", StringComparison.Ordinal) || line is "" or "}" ? []
            : line.StartsWith("type ", StringComparison.Ordinal) ? [("policy accept", line.Replace("policy drop", "policy accept", StringComparison.Ordinal))]
            : Rule(line);
    }

    private static IEnumerable<(string What, string Changed)> Elements(string line)
    {
        var elements = line[(line.IndexOf('{', StringComparison.Ordinal) + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        foreach (var element in elements)
        {
            var rest = string.Join(", ", elements.Where(e => e != element));
            yield return ($"without the element {element}", rest.Length == 0 ? "" : $"elements = {{ {rest} }}");
        }
    }

    private static IEnumerable<(string What, string Changed)> Rule(string rule)
    {
        yield return ($"without «{rule}»", "");
        yield return rule.EndsWith(" accept", StringComparison.Ordinal)
            ? ($"drop in «{rule}»", rule[..^"accept".Length] + "drop")
            : ($"accept in «{rule}»", Refusal().Replace(rule, "accept"));
        foreach (Match term in Term().Matches(rule))
        {
            yield return ($"«{rule}» without «{term.Value.Trim()}»", rule.Remove(term.Index, term.Length));
            var turned = Comparison().IsMatch(term.Value)
                ? term.Value.Replace("!=", "TURNED", StringComparison.Ordinal).Replace("==", "!=", StringComparison.Ordinal).Replace("TURNED", "==", StringComparison.Ordinal)
                : LastWord().Replace(term.Value, "!= $1", 1);
            if (!term.Value.StartsWith("counter", StringComparison.Ordinal))
            {
                yield return ($"«{rule}» with «{turned.Trim()}»", rule.Remove(term.Index, term.Length).Insert(term.Index, turned));
            }
        }

        var swapped = Names().Replace(rule, m => m.Value == PacketLab.Tunnel ? PacketLab.HostLink : PacketLab.Tunnel);
        if (swapped != rule)
        {
            yield return ($"«{rule}» for the other interface", swapped);
        }
    }

    [GeneratedRegex("""(?:[io]ifname (?:!= )?"[^"]*"|ip6? [sd]addr (?:!= )?\S+|ip protocol \d+|ct (?:state|direction) [a-z,]+|(?:tcp|udp|th) dport \S+|tcp flags & \([^)]*\) [!=]= syn|meta l4proto \{[^}]*\}|meta nfproto ipv6|icmp(?:v6)? type \{[^}]*\}|counter name "[^"]*") """)]
    private static partial Regex Term();

    [GeneratedRegex("[!=]=")]
    private static partial Regex Comparison();

    // The value of a term: a list in braces, or its last word.
    [GeneratedRegex(@"(\{[^}]*\}|\S+)(?= $)")]
    private static partial Regex LastWord();

    [GeneratedRegex("drop$|reject with .*$")]
    private static partial Regex Refusal();

    [GeneratedRegex(@"\bwg0\b|\bvn0\b")]
    private static partial Regex Names();
}
