using VpnConfinement.Lab.Machines;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>The machine's own networking as text, part by part: rules, routes, addresses, nftables, settings, resolver.</summary>
public sealed class NetworkSnapshot
{
    private static readonly (string Name, string Command)[] Commands =
    [
        ("ip rule", "ip rule; ip -6 rule"),
        ("ip route", "ip -d route show table all; ip -6 -d route show table all"),
        ("ip address", "ip -d address"),
        ("nft list ruleset", "nft list ruleset"),
        ("resolv.conf", "ls -l --time-style=full-iso /etc/resolv.conf; cat /etc/resolv.conf /etc/nsswitch.conf"),
        // The number of flows that conntrack knows is no setting.
        ("sysctl net.*", "cd /proc/sys/net && find . -type f | sort | while read -r key; do echo \"$key = $(cat $key 2>/dev/null | tr '\\n\\0' '  ')\"; done | grep -v nf_conntrack_count"),
    ];

    private readonly Dictionary<string, string> _parts;

    private NetworkSnapshot(Dictionary<string, string> parts) => _parts = parts;

    public static NetworkSnapshot Take(Machine machine) =>
        new(Commands.ToDictionary(command => command.Name, command => machine.Run("sh", "-c", command.Command).OrThrow().Output));

    public int Bytes => _parts.Values.Sum(part => part.Length);

    /// <summary>
    /// The first difference, or null. A kernel module that was loaded meanwhile brings settings that did not exist before: those
    /// are not compared.
    /// </summary>
    public string? Difference(NetworkSnapshot later)
    {
        foreach (var (name, text) in _parts)
        {
            var before = text.Split('\n');
            var after = later._parts[name].Split('\n');
            if (name.StartsWith("sysctl", StringComparison.Ordinal))
            {
                var known = before.Select(Key).ToHashSet(StringComparer.Ordinal);
                after = [.. after.Where(line => known.Contains(Key(line)))];
            }

            if (!before.SequenceEqual(after, StringComparer.Ordinal))
            {
                var at = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
                return $"{name}: was `{before.ElementAtOrDefault(at)}`, is `{after.ElementAtOrDefault(at)}`";
            }
        }

        return null;
    }

    private static string Key(string line) => line.Split(" = ")[0];
}
