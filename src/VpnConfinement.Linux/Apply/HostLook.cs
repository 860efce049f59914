using VpnConfinement.Compile;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>What <c>apply</c> sees of the host before it decides. Changes nothing.</summary>
/// <param name="systemctl">The running systemd.</param>
internal sealed class HostLook(Systemctl systemctl)
{
    /// <summary>Looks.</summary>
    /// <param name="applied">What was applied last.</param>
    /// <param name="tree">What is to be.</param>
    /// <exception cref="SystemFailure">The host cannot be read.</exception>
    internal HostObservation At(Manifest applied, CompiledTree tree)
    {
        var hashes = new Dictionary<string, string?>(StringComparer.Ordinal);
        string? Hash(string path) => hashes.TryGetValue(path, out var hash) ? hash : hashes[path] = OwnFiles.Hash(path);
        var leftOvers = LeftOverFiles.Find(applied);
        var units = Units(applied, tree);
        return new HostObservation
        {
            HashOnDisk = Hash,
            ChangedKeys = tree.Keys.Where(k => applied.ChangingKeys.Contains(k.Path) || !KeyCopies.IsInPlace(k))
                .Select(k => k.Path).ToHashSet(StringComparer.Ordinal),
            LeftOvers = leftOvers,
            Applied = ns => AppliedAs(applied, ns),
            Drift =
            [
                .. PartList.Compare(units with
                {
                    IsUnderWay = !applied.IsWhole,
                    TemporaryFiles = new Observation<IReadOnlyList<string>>.Known(leftOvers),
                    Kept = Look.At(() => KeptLook.At(applied)),
                    Files = FileState.Staying(applied, tree, path => new Observation<string?>.Known(Hash(path))),
                    Keys = Keys(applied.Keys.Intersect(tree.Keys.Select(k => k.Path), StringComparer.Ordinal)),
                }),
                .. Namespaces(applied),
            ],
        };
    }

    /// <summary>Looks at copies of keys that were applied.</summary>
    internal static IReadOnlyList<SeenItem<bool>> Keys(IEnumerable<string> paths) =>
        [.. paths.Select(path => new SeenItem<bool>(path, Look.At(() => KeyCopies.IsPrivate(path))))];

    /// <summary>Looks at the socket of a published port.</summary>
    internal static PublishedSocket Published(string socket, UnitSnapshot shown)
    {
        var load = shown.Of(socket, "LoadState") ?? "unknown";
        return new PublishedSocket(
            socket, load is "loaded" ? shown.Of(socket, "ActiveState") ?? "unknown" : load);
    }

    /// <summary>
    /// Whether systemd takes the unit of a netns for up, by a snapshot and still: one that goes down is not lost.
    /// </summary>
    internal static bool IsActive(Systemctl systemctl, string ns, UnitSnapshot shown) =>
        StateLayout.NetnsUnit(ns) is var unit && shown.Of(unit, "ActiveState") is "active"
        && systemctl.Show(unit, "ActiveState").GetValueOrDefault("ActiveState") is "active";

    /// <summary>The processes of a unit that run on the host's network.</summary>
    /// <param name="groups">The control groups of units (<c>ControlGroup</c>).</param>
    /// <param name="unit">The unit.</param>
    internal static IReadOnlyList<int> OnHostNetwork(UnitSnapshot groups, string unit) =>
        [.. ControlGroup.Processes(groups.Of(unit, "ControlGroup") ?? "").Where(ProcessNetns.IsOurs)];

    // Processes may be outside although they were applied: started under a drop-in that undid ours, for one.
    private HostState Units(Manifest applied, CompiledTree tree)
    {
        var staying = tree.Namespaces.SelectMany(n => n.Published).ToHashSet(StringComparer.Ordinal);
        var published = applied.Namespaces.SelectMany(n => n.Published).Where(staying.Contains)
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var watched = applied.Namespaces.Select(n => n.Name).Where(n => File.Exists(StateLayout.NetnsMarker(n)))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var confined = systemctl.UpUnits([.. applied.Namespaces.SelectMany(n => n.Units).Select(u => u.Name)]);
        List<string> ours = [.. published, .. watched.Select(StateLayout.WatchUnit)];
        var shown = UnitSnapshot.Take(
            systemctl, confined.Concat(ours), ["LoadState", "ControlGroup", .. WatcherLook.Properties]);

        // One that is about to start is no difference.
        var down = systemctl.DownAmong(ours);
        return new HostState
        {
            Processes = [.. confined.Order(StringComparer.Ordinal).Select(unit => Processes(applied, unit, shown))],
            Sockets = [.. confined.Where(UnitName.IsSocketName).SelectMany(unit => Sockets(applied, unit, shown))],
            Published = [.. published.Where(down.Contains).Select(socket => Published(socket, shown))],
            Watchers =
            [
                .. from watcher in watched.Select(ns => WatcherLook.At(ns, shown))
                   select down.Contains(StateLayout.WatchUnit(watcher.Namespace)) ? watcher
                       : watcher with { ActiveState = "active" },
            ],
        };
    }

    // A place that is in no network, 'status' cannot tell.
    private IEnumerable<ListeningSocket> Sockets(Manifest applied, string unit, UnitSnapshot shown) =>
        shown.Of(unit, "ActiveState") is not "active" ? [] :
            from listen in systemctl.ListensOf(unit)
            let ns = NamespaceOf(applied, unit)
            let socket = SocketLook.At(ns, IdentityOf(ns), unit, listen)
            where socket.IsInside is Observation<bool>.Known
            select socket;

    private static string NamespaceOf(Manifest applied, string unit) => applied.Namespaces
        .First(n => n.Units.Any(u => u.Name == unit || u.Name == UnitName.TemplateOf(unit))).Name;

    private static UnitProcesses Processes(Manifest applied, string unit, UnitSnapshot shown)
    {
        var ns = NamespaceOf(applied, unit);
        return Look.At(() => IdentityOf(ns)) switch
        {
            Observation<NetnsIdentity?>.Known known =>
                ProcessLook.At(unit, shown.Of(unit, "ControlGroup") ?? "", known.Value),
            Observation<NetnsIdentity?>.Unknown unknown => new UnitProcesses(
                unit, null, new Observation<IReadOnlyList<UnitProcess>>.Unknown(unknown.Reason)),
            _ => throw new InvalidOperationException("an observation of an unknown kind"),
        };
    }

    private static NetnsIdentity? IdentityOf(string ns)
    {
        var ours = Netns.Observe(ns) as NetnsState.Ours;
        ours?.Handle.Dispose();
        return ours?.Identity;
    }

    private static NamespacePlan? AppliedAs(Manifest applied, string ns)
    {
        string[] paths = [StateLayout.Plan(ns), StateLayout.Ruleset(ns)];
        try
        {
            bool IsAsApplied(string path) =>
                applied.Files.Any(f => f.Path == path && f.Sha256 == OwnFiles.Hash(path));
            return paths.All(IsAsApplied) ? PlanStore.Load(ns).Plan : null;
        }
        catch (SystemFailure)
        {
            // Damaged, which is found elsewhere; nothing is changed on a guess.
            return null;
        }
    }

    private IEnumerable<DriftEntry> Namespaces(Manifest applied)
    {
        var names = applied.Namespaces.Select(n => n.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        var units = UnitSnapshot.Take(systemctl, names.Select(StateLayout.NetnsUnit), "ActiveState");
        return names.SelectMany(ns => NamespaceLook.FindApplied(ns, () => IsActive(systemctl, ns, units)));
    }
}
