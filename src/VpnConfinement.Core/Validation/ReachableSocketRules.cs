using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC121: sockets in the file system, outside /run, on which programs of the host's network listen and which a
/// service can reach: a unix socket has no network namespace. Known by the host's socket units; what a program binds
/// itself is not seen.
/// </summary>
internal static class ReachableSocketRules
{
    private const int DefaultMode = 0b110_110_110;

    // Octal 07777.
    private const int MostMode = 0xfff;

    private static readonly string[] ListenKeys =
        ["ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO"];

    /// <param name="service">The service.</param>
    /// <param name="host">The host's units.</param>
    /// <param name="facts">What the host says.</param>
    /// <param name="masked">What is hidden from the service by us.</param>
    internal static void Check(ServiceUnit service, HostUnits host, HostFacts facts, IEnumerable<string> masked)
    {
        List<string> hidden = [.. service.Hidden, .. masked, .. Private(service)];
        var sockets = facts.Units.Where(u => UnitName.IsSocketName(u.Key)).OrderBy(u => u.Key, StringComparer.Ordinal);
        foreach (var (name, fact) in sockets)
        {
            if (fact is not UnitFact.Present present || present.RealName != name || host.ConfinedSockets.Contains(name)
                || OwnHeader.IsIn(present.Texts[0].Content))
            {
                continue;
            }

            var settings = UnitSettings.Read(present.Texts);
            var isItsOwn = SocketUnits.Starts(name, settings, facts.Aliases) is { } starts
                && SocketUnits.Covers(starts, service.RealName);
            if (isItsOwn || !MayOpen(service, settings, facts.Users))
            {
                continue;
            }

            bool IsSeen(string path) =>
                !hidden.Any(h => HostPath.IsIn(path, h)) || service.Needed.Any(n => HostPath.IsIn(path, n.Path));
            foreach (var path in Paths(settings, name).Where(IsSeen))
            {
                service.Warning(
                    "VPC121",
                    $"{service.Unit} can reach {Visible.Text(path)}, where {name} listens for a program of the host's network.",
                    $"If it must not, write InaccessiblePaths=-{Visible.Text(Folder(path))} under [Service] with "
                    + $"'systemctl edit {service.Unit}'.");
            }
        }
    }

    // The folder that the socket lies in stays when the socket is made anew. One that all programs have things in is
    // none to hide.
    private static string Folder(string path) =>
        path[..path.LastIndexOf('/')] is var folder && folder.Count(c => c == '/') > 1 ? folder : path;

    // Below /run is hidden, or all of it shown under compat (VPC114).
    private static IEnumerable<string> Paths(UnitSettings settings, string socket) =>
        ListenKeys.SelectMany(k => settings.All("Socket", k))
            .Select(v => v.Replace("%S", "/var/lib", StringComparison.Ordinal))
            .Select(v => RunBindRules.Plain(UnitSpecifiers.Expand(v, socket) ?? v))
            .Where(p => p.StartsWith('/') && !RunBindRules.LeadsToRun(p, socket)).Distinct();

    // What it has of its own by our drop-in, unless its own unit says otherwise.
    private static IEnumerable<string> Private(ServiceUnit service)
    {
        if (!service.Settings.IsOff("Service", "PrivateTmp"))
        {
            yield return "/tmp";
            yield return "/var/tmp";
        }

        var ours = service.Hardening == HardeningProfile.Strict ? "yes" : "read-only";
        var home = service.Settings.Last("Service", "ProtectHome") ?? ours;
        if (home != "read-only" && !service.Settings.IsOff("Service", "ProtectHome"))
        {
            yield return "/home";
            yield return "/root";
        }
    }

    // By the socket's own mode. Which groups a user is in is not in its unit: any service with a user may open what a
    // group may.
    private static bool MayOpen(ServiceUnit service, UnitSettings socket, HostUsers users)
    {
        // What is no mode, systemd passes over.
        var mode = socket.Last("Socket", "SocketMode") is { } text && OctalText.TryParse(text, MostMode, out var written)
            ? written
            : DefaultMode;
        return (mode & 0b010_000_010) switch
        {
            var all when (all & 0b010) != 0 => true,
            _ when !ServiceUnitRules.HasOwnUser(service, users) => true,
            _ when (mode & 0b010_000) != 0 => !service.Settings.IsOn("Service", "DynamicUser")
                || service.Settings.All("Service", "SupplementaryGroups").Count > 0,
            _ => socket.Last("Socket", "SocketUser") is { } owner && owner == service.Settings.Last("Service", "User"),
        };
    }
}
