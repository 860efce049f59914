using System.Globalization;
using VpnConfinement.Linux.Status;

namespace VpnConfinement.Cli.Output;

/// <summary>What <c>status</c> saw, for a person.</summary>
internal static class StatusText
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    internal static void Print(HostStatus status, DateTimeOffset now)
    {
        if (status.Namespaces.Count == 0 && status.Problems.Count == 0)
        {
            Console.WriteLine("nothing is applied ('vpn-confinement apply' applies the configuration)");
        }

        foreach (var problem in status.Problems)
        {
            Console.WriteLine($"{Terminal.Paint("!", "31;1", Terminal.ColourOutput)} {problem}");
        }

        if (status.Unconfirmed is { } change)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"not confirmed: goes back to generation {change.BackTo} at {change.Until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, or {change.Seconds} s after a boot, unless 'vpn-confinement confirm' is run"));
        }

        foreach (var ns in status.Namespaces)
        {
            Console.WriteLine($"{Mark(ns.Verdict)} {ns.Name}  {(ns.NetnsInode is { } inode ? $"netns {inode}" : "down (it comes up with its first service)")}{Ruleset(ns)}");
            if (ns.Tunnel is { } tunnel)
            {
                Console.WriteLine($"    {tunnel.Interface}  latest handshake {Ago(tunnel.LatestHandshake, now)}, received {Size(tunnel.ReceivedBytes)}, sent {Size(tunnel.SentBytes)}");
            }
            else if (ns.Up)
            {
                Console.WriteLine("    no tunnel: everything is blocked");
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

            foreach (var service in ns.Services)
            {
                var where = service.Processes.Count == 0 ? "" : $", {Count(service.Processes.Count)} in {string.Join(" and ", service.Processes.Select(p => p.NetnsInode is { } i ? $"netns {i}" : "an unknown netns").Distinct())}";
                var state = service.Frozen ? $"{service.State}, FROZEN" : service.State;
                var ports = service.BindRestricted == false ? ", restrictBind NOT enforced by this host" : "";
                Console.WriteLine($"    {Mark(service.Verdict)} {service.Unit}  {state}{where}{ports}");
            }

            foreach (var socket in ns.Sockets.Concat(ns.Published))
            {
                Console.WriteLine($"    {Mark(socket.Verdict)} {socket.Unit}  {socket.State}{(socket.Listens.Count == 0 ? "" : $", {string.Join(", ", socket.Listens)}")}");
            }

            foreach (var problem in ns.Problems)
            {
                Console.WriteLine($"    {Terminal.Paint("!", "31;1", Terminal.ColourOutput)} {problem}");
            }
        }
    }

    private static string Mark(Verdict verdict) => verdict switch
    {
        Verdict.Ok => Terminal.Paint("✓", "32", Terminal.ColourOutput),
        Verdict.Bad => Terminal.Paint("✗", "31;1", Terminal.ColourOutput),
        Verdict.Unknown => Terminal.Paint("?", "33;1", Terminal.ColourOutput),
        _ => throw new InvalidOperationException("a verdict of an unknown kind"),
    };

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
