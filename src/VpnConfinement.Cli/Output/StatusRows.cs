using System.Globalization;
using VpnConfinement.Health;
using VpnConfinement.Linux.Status;

namespace VpnConfinement.Cli.Output;

/// <summary>What <c>status</c> saw, as statements for a person: the worst first.</summary>
/// <param name="status">What was seen.</param>
/// <param name="now">The host's time.</param>
/// <param name="rate">
/// Bytes a second over the tunnel of a namespace, received and sent; null where that is not known.
/// </param>
/// <param name="isBrief">Whether many units of a namespace that are all well share a row.</param>
internal sealed class StatusRows(
    HostStatus status, DateTimeOffset now, Func<string, (double Received, double Sent)?> rate, bool isBrief)
{
    // It has a line of its own.
    private const string ConfirmationName = "confirmation";

    // As many units have rows of their own, and as many names a row has, where rows are shared.
    private const int Few = 6;

    // As many endpoints and addresses are named of a tunnel.
    private const int MostPlaces = 3;

    /// <summary>The rows.</summary>
    internal IEnumerable<StatusRow> All()
    {
        if (status.Namespaces.Count == 0 && status.Problems.Count == 0)
        {
            yield return new(0, null, "nothing is applied ('vpn-confinement apply' applies the configuration)");
        }

        foreach (var entry in status.Health.Where(
            e => e.Kind is HealthKind.Host && e.State is not HealthState.Working && e.Name is not ConfirmationName))
        {
            yield return new(
                0, entry.State, $"{entry.Reason}{(entry.Remedy is { } remedy ? $" ({remedy})" : "")}");
        }

        if (status.Unconfirmed is { } change)
        {
            yield return new(0, null, string.Create(
                CultureInfo.InvariantCulture,
                $"not confirmed: goes back to generation {change.BackTo} at "
                + $"{change.Until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, or {change.Seconds} s after a boot, unless "
                + $"'vpn-confinement confirm' is run"));
        }

        foreach (var row in status.Namespaces.OrderByDescending(n => n.State).SelectMany(Of))
        {
            yield return row;
        }
    }

    private IEnumerable<StatusRow> Of(NamespaceStatus ns)
    {
        var place = ns.NetnsInode is { } inode ? $"netns {inode}" : "down (it comes up with its first service)";
        yield return new(0, ns.State, $"{ns.Name}  {place}{Ruleset(ns)}");

        // What is wrong with the namespace itself is a row each, with what to do.
        var own = ns.Health.First(e => e.Kind is HealthKind.Namespace);
        foreach (var problem in ns.Problems)
        {
            yield return new(1, own.State, problem);
        }

        foreach (var row in Parts(ns))
        {
            yield return row;
        }

        if (ns.HostPorts.Count > 0)
        {
            yield return new(1, null, $"open to this host: {string.Join(", ", ns.HostPorts)}");
        }

        if (ns.Watcher is { Length: > 0 } watcher)
        {
            yield return new(1, null, $"watcher: {watcher}");
        }

        if (ns.Up)
        {
            yield return new(1, null, $"refused packets: {RefusedText.Of(ns.RefusedPackets)}");
        }
    }

    private IEnumerable<StatusRow> Parts(NamespaceStatus ns)
    {
        var parts = ns.Health.Where(
            e => e.Kind is not HealthKind.Namespace
                && (ns.Up || e.Kind is not (HealthKind.Tunnel or HealthKind.Resolver)
                    || e.State is not HealthState.Idle)).ToList();
        var shared = Shared(parts);
        foreach (var entry in parts.Where(e => !shared.Contains(e)))
        {
            var well = entry.State is HealthState.Working or HealthState.Idle;
            var facts = UnitText.Of(ns, entry) ?? Facts(ns, entry);

            // The sentence begins with the state, which is not written twice where systemd has the same word.
            string[] said = [facts == HealthStates.Word(entry.State) ? "" : facts, well ? "" : HealthText.Sentence(entry)];
            yield return new(
                1, entry.State, $"{entry.Name}  {string.Join("; ", said.Where(s => s.Length > 0))}".TrimEnd());
            if (UnitText.LastLineOf(ns, entry) is { } line)
            {
                yield return new(2, null, line, IsQuote: true);
            }
        }

        foreach (var group in shared.GroupBy(e => e.State))
        {
            var names = string.Join(", ", group.Take(Few).Select(e => e.Name));
            var others = group.Count() > Few ? $" and {group.Count() - Few} more" : "";
            var verb = group.Key is HealthState.Working ? "work" : "are idle";
            yield return new(
                1, group.Key,
                $"{group.Count()} services {verb}: {names}{others} ('vpn-confinement status {ns.Name}' shows each)");
        }
    }

    private HashSet<HealthEntry> Shared(IReadOnlyList<HealthEntry> parts) => !isBrief ? [] :
        [
            .. parts.Where(e => e is { Kind: HealthKind.Service, State: HealthState.Working or HealthState.Idle })
                .GroupBy(e => e.State).Where(g => g.Count() > Few).SelectMany(g => g),
        ];

    private string Facts(NamespaceStatus ns, HealthEntry entry)
    {
        var well = entry.State is HealthState.Working or HealthState.Idle;
        return entry.Kind switch
        {
            HealthKind.Tunnel => Tunnel(ns),
            HealthKind.Resolver => string.Join(
                "; ", ((string[])[string.Join(", ", ns.Resolvers), well ? entry.Reason : ""]).Where(s => s.Length > 0)),
            _ => "",
        };
    }

    private string Tunnel(NamespaceStatus ns)
    {
        if (ns.Tunnel is not { } tunnel)
        {
            return "no tunnel: everything is blocked";
        }

        var (received, sent) = rate(ns.Name) is { } rates
            ? ($" ({Amounts.Size(rates.Received)}/s)", $" ({Amounts.Size(rates.Sent)}/s)")
            : ("", "");
        string[] facts =
        [
            Places("endpoint", ns.Endpoints),
            Places("address", ns.TunnelAddresses),
            $"latest handshake {Amounts.Ago(tunnel.LatestHandshake, now)}",
            $"received {Amounts.Size(tunnel.ReceivedBytes)}{received}",
            $"sent {Amounts.Size(tunnel.SentBytes)}{sent}",
        ];
        return string.Join(", ", facts.Where(f => f.Length > 0));
    }

    private static string Places(string word, IReadOnlyList<string> places) => places.Count == 0 ? "" :
        $"{word} {string.Join(" and ", places.Take(MostPlaces))}"
        + (places.Count > MostPlaces ? $" and {places.Count - MostPlaces} more" : "");

    private static string Ruleset(NamespaceStatus ns) => ns.RulesetIntact switch
    {
        true => ", ruleset intact",
        false => ", ruleset CHANGED",
        null => "",
    };
}
