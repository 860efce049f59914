using System.Globalization;
using VpnConfinement.Health;
using VpnConfinement.Linux.Status;

namespace VpnConfinement.Cli.Output;

/// <summary>What <c>status</c> saw, for a person.</summary>
internal static class StatusText
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    // It has a line of its own.
    private const string ConfirmationName = "confirmation";

    internal static void Print(HostStatus status, DateTimeOffset now)
    {
        if (status.Namespaces.Count == 0 && status.Problems.Count == 0)
        {
            Console.WriteLine("nothing is applied ('vpn-confinement apply' applies the configuration)");
        }

        foreach (var entry in status.Health.Where(e => e.Kind is HealthKind.Host && e.State is not HealthState.Working && e.Name is not ConfirmationName))
        {
            Console.WriteLine($"{Mark(entry.State)} {entry.Reason}{(entry.Remedy is { } remedy ? $" ({remedy})" : "")}");
        }

        if (status.Unconfirmed is { } change)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"not confirmed: goes back to generation {change.BackTo} at {change.Until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, or {change.Seconds} s after a boot, unless 'vpn-confinement confirm' is run"));
        }

        foreach (var ns in status.Namespaces.OrderByDescending(n => n.State))
        {
            Print(ns, now);
        }
    }

    private static void Print(NamespaceStatus ns, DateTimeOffset now)
    {
        Console.WriteLine($"{Mark(ns.State)} {ns.Name}  {(ns.NetnsInode is { } inode ? $"netns {inode}" : "down (it comes up with its first service)")}{Ruleset(ns)}");

        // What is wrong with the namespace itself is a line each, with what to do.
        var own = ns.Health.First(e => e.Kind is HealthKind.Namespace);
        foreach (var problem in ns.Problems)
        {
            Console.WriteLine($"    {Mark(own.State)} {problem}");
        }

        foreach (var entry in ns.Health.Where(e => e.Kind is not HealthKind.Namespace && (ns.Up || e.Kind is not HealthKind.Tunnel and not HealthKind.Resolver || e.State is not HealthState.Idle)))
        {
            Console.WriteLine($"    {Mark(entry.State)} {entry.Name}  {Facts(ns, entry, now)}{(entry.State is HealthState.Working or HealthState.Idle ? "" : HealthText.Sentence(entry))}".TrimEnd());
        }

        if (ns.Watcher is { Length: > 0 } watcher)
        {
            Console.WriteLine($"    watcher: {watcher}");
        }

        var refused = ns.RefusedPackets.Where(c => c.Value > 0).Select(c => $"{c.Key["refused_".Length..].Replace('_', ' ')} {c.Value}").ToList();
        if (ns.Up)
        {
            Console.WriteLine($"    refused packets: {(refused.Count == 0 ? "none" : string.Join(", ", refused))}");
        }
    }

    private static string Facts(NamespaceStatus ns, HealthEntry entry, DateTimeOffset now)
    {
        var separator = entry.State is HealthState.Working or HealthState.Idle ? "" : "; ";
        switch (entry.Kind)
        {
            case HealthKind.Tunnel:
                return (ns.Tunnel is { } tunnel
                    ? $"latest handshake {Ago(tunnel.LatestHandshake, now)}, received {Size(tunnel.ReceivedBytes)}, sent {Size(tunnel.SentBytes)}"
                    : "no tunnel: everything is blocked") + separator;
            case HealthKind.Resolver:
                return entry.State is HealthState.Working or HealthState.Idle ? entry.Reason : "";
            case HealthKind.Service when ns.Services.FirstOrDefault(s => s.Unit == entry.Name) is { } service:
                var where = service.Processes.Count == 0 ? "" : $", {Count(service.Processes.Count)} in {string.Join(" and ", service.Processes.Select(p => p.NetnsInode is { } i ? $"netns {i}" : "an unknown netns").Distinct())}";
                var state = service.Frozen ? $"{service.State}, FROZEN" : service.State;
                var ports = service.BindRestricted == false ? ", restrictBind NOT enforced by this host" : "";
                return $"{state}{where}{ports}{separator}";
            case HealthKind.Socket or HealthKind.Published when ns.Sockets.Concat(ns.Published).FirstOrDefault(s => s.Unit == entry.Name) is { } socket:
                return $"{socket.State}{(socket.Listens.Count == 0 ? "" : $", {string.Join(", ", socket.Listens)}")}{separator}";
            default:
                return "";
        }
    }

    private static string Mark(HealthState state) => HealthText.Mark(state, Terminal.ColourOutput);

    private static string Ruleset(NamespaceStatus ns) => ns.RulesetIntact switch
    {
        true => ", ruleset intact",
        false => ", ruleset CHANGED",
        null => "",
    };

    private static string Count(int processes) => processes == 1 ? "1 process" : $"{processes} processes";

    private static string Ago(DateTimeOffset? time, DateTimeOffset now)
    {
        if (time is not { } when)
        {
            return "never";
        }

        var seconds = Math.Max(0, (long)(now - when).TotalSeconds);
        return seconds < 120 ? $"{seconds} s ago" : seconds < 7200 ? $"{seconds / 60} min ago" : $"{seconds / 3600} h ago";
    }

    private static string Size(ulong bytes)
    {
        var unit = 0;
        double size = bytes;
        while (size >= 1024 && unit < Units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return size.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
