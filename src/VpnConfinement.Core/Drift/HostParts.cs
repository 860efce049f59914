using VpnConfinement.Plan;

namespace VpnConfinement.Drift;

/// <summary>The parts of the host, which are in <see cref="PartList"/> with those of namespaces.</summary>
internal static class HostParts
{
    internal static readonly HostPart Change = new()
    {
        Name = "change",
        Kind = DriftKind.CutShort,
        Repair = PartRepair.Apply,
        IsGuard = false,
        Damages = [DamageKind.Altered],
        OtherDamages = "where the record is gone, nothing is known as applied, and the files are named",
        Remedy = "in that case run it again",
        Compare = seen => !seen.IsUnderWay ? [] :
            [new("the last 'apply' or 'remove' is under way, or was cut short") { Subject = StateLayout.Manifest }],
    };

    internal static readonly HostPart TemporaryFiles = new()
    {
        Name = "temporary files",
        Kind = DriftKind.LeftOver,
        Repair = PartRepair.Apply,
        IsGuard = false,
        Damages = [DamageKind.AddedTo],
        OtherDamages = "none is wanted",
        Remedy = "run 'vpn-confinement apply', which deletes it",
        Compare = seen => Differences(
            seen.TemporaryFiles,
            StateLayout.StateFolder,
            "the folders of what was applied",
            paths => paths.Select(path =>
                new PartDifference($"{path} was left behind by a write that was cut short") { Subject = path })),
    };

    internal static readonly HostPart Generations = new()
    {
        Name = "generations",
        Kind = DriftKind.Generation,
        Repair = PartRepair.Apply,
        IsGuard = false,
        Damages = [DamageKind.Absent, DamageKind.Altered],
        OtherDamages = "one more is one to go back to as well, and the oldest are deleted",
        Remedy = null,
        Compare = seen => Differences(
            seen.Kept, StateLayout.GenerationFolder, "what is kept to go back to", KeptComparison.Of),
    };

    internal static readonly HostPart Files = new()
    {
        Name = "files",
        Kind = DriftKind.File,
        Repair = PartRepair.Apply,
        IsGuard = false,
        Damages = [DamageKind.Absent, DamageKind.Altered, DamageKind.AddedTo],
        Compare = seen => seen.Files.SelectMany(OfFile),
    };

    internal static readonly HostPart Keys = new()
    {
        Name = "keys",
        Kind = DriftKind.Key,
        Repair = PartRepair.Apply,
        IsGuard = false,
        Damages = [DamageKind.Absent, DamageKind.Altered],
        OtherDamages = "a file of a key has that key alone: with more in it, it is another",
        Compare = seen => seen.Keys.SelectMany(key => Differences(
            key.Seen,
            key.Name,
            $"key {key.Name}",
            isPrivate => isPrivate ? [] :
            [
                new PartDifference($"key {key.Name} is missing, or others than root may read it") { Subject = key.Name },
            ])),
    };

    internal static readonly HostPart Records = new()
    {
        Name = "record",
        Repair = PartRepair.Namespace,
        IsGuard = false,
        Damages = [DamageKind.Absent, DamageKind.Altered],
        OtherDamages = "with more in it, it is another",
        Compare = seen =>
            from record in seen.Records
            from reason in UnknownOf(record.Seen)
            select new PartDifference(
                $"what was applied for namespace {record.Name} ({StateLayout.Plan(record.Name)} and the ruleset beside "
                + $"it) is missing or damaged: {reason}",
                IsUnknown: true)
            {
                Subject = record.Name,
            },
    };

    internal static readonly HostPart Units = new()
    {
        Name = "units",
        Kind = DriftKind.Unit,
        Repair = PartRepair.Hand,
        IsGuard = true,
        Damages = [DamageKind.Altered],
        OtherDamages = "of a unit that is not loaded nothing starts, and what only adds to its confinement is welcome",
        Compare = seen =>
            from unit in seen.Units
            let difference = UnitComparison.Of(unit)
            where difference is not null
            select new PartDifference($"{unit.Name} is not confined as it was applied: {difference}")
            {
                Subject = unit.Name,
                Detail = difference,

                // Without a drop-in of ours there is no other line to blame.
                Remedy = unit.DropIn is null && !unit.IsForwarder ? null
                    : "run 'vpn-confinement apply'; if that refuses, take the line that undoes it out "
                        + $"('systemctl cat {unit.Name}' shows where) and run it again",
            },
    };

    internal static readonly HostPart OwnUnits = new()
    {
        Name = "own units",
        Kind = DriftKind.Unit,
        Repair = PartRepair.Hand,
        IsGuard = false,
        Damages = [DamageKind.Altered],
        OtherDamages = "one that is not loaded has no file, and a drop-in that changes nothing it does is welcome",
        Remedy = "take that out, then run 'vpn-confinement apply'",
        Compare = seen =>
            from unit in seen.OwnUnits
            from difference in OwnUnitComparison.Of(unit)
            select difference switch
            {
                Observation<string>.Known known =>
                    new PartDifference($"{unit.Name}, a unit of ours, does not do what it was made for: {known.Value}")
                    {
                        Subject = unit.Name,
                        Detail = known.Value,
                    },
                Observation<string>.Unknown unknown =>
                    Unseen(unit.Name, $"the drop-ins of {unit.Name}", unknown.Reason),
                _ => throw new InvalidOperationException("an observation of an unknown kind"),
            },
    };

    internal static readonly HostPart Processes = new()
    {
        Name = "processes",
        Kind = DriftKind.Unit,
        Repair = PartRepair.Unit,
        IsGuard = true,
        Damages = [DamageKind.Altered],
        OtherDamages = "a unit may have none, and any number of them",
        Compare = seen => seen.Processes.SelectMany(ProcessComparison.Of),
    };

    internal static readonly HostPart Views = new()
    {
        Name = "service view",
        Kind = DriftKind.Unit,
        Repair = PartRepair.Hand,
        IsGuard = false,
        Damages = [DamageKind.Altered],
        OtherDamages = "what is not there is not seen, and what is pinned is seen alone",
        Compare = seen => seen.Views.SelectMany(ServiceComparison.OfView),
    };

    internal static readonly HostPart Descriptors = new()
    {
        Name = "service sockets",
        Kind = DriftKind.Unit,
        Repair = PartRepair.Hand,
        IsGuard = true,
        Damages = [DamageKind.AddedTo],
        OtherDamages = "a service may have none, and any number of its own network",
        Compare = seen => seen.Descriptors.SelectMany(ServiceComparison.OfSockets),
    };

    internal static readonly HostPart Sockets = new()
    {
        Name = "sockets",
        Kind = DriftKind.Unit,
        Repair = PartRepair.Apply,
        IsGuard = true,
        IsRepairedUnseen = false,
        Damages = [DamageKind.Altered],
        OtherDamages = "one that is down listens nowhere, and where it is to listen is its own unit's affair",
        Compare = seen => seen.Sockets.SelectMany(socket => Differences(
            socket.IsInside,
            socket.Unit,
            $"where {socket.Unit} listens",
            isInside => isInside ? [] :
            [
                new PartDifference($"{socket.Unit} does not listen at {socket.Listen} in its namespace")
                {
                    Subject = socket.Unit,
                    Remedy = $"run 'systemctl restart {socket.Unit}'",
                },
            ])),
    };

    internal static readonly HostPart Published = new()
    {
        Name = "published ports",
        Kind = DriftKind.Published,
        Repair = PartRepair.Apply,
        IsGuard = false,
        Damages = [DamageKind.Absent],
        OtherDamages = "where a socket listens stands in its file, which is compared with the files",
        Compare = seen =>
            from socket in seen.Published
            where socket.State is not "active"
            select new PartDifference($"{socket.Name} is {socket.State}, so nothing listens for that published port")
            {
                Subject = socket.Name,
                Remedy = $"see 'journalctl -u {socket.Name}', then run 'vpn-confinement apply'",
            },
    };

    internal static readonly HostPart Watchers = new()
    {
        Name = "watcher",
        Kind = DriftKind.Watcher,
        Repair = PartRepair.Apply,
        IsGuard = false,
        IsRepairedUnseen = false,
        Damages = [DamageKind.Absent, DamageKind.Altered],
        OtherDamages = "what a drop-in adds to it is compared with the own units",
        Compare = seen => seen.Watchers.SelectMany(OfWatcher),
    };

    /// <summary>Those before the parts of namespaces: on them the others rest.</summary>
    internal static IReadOnlyList<HostPart> All { get; } =
    [
        Change, TemporaryFiles, Generations, Files, Keys, Records, Units, OwnUnits, Processes, Views, Descriptors,
        Sockets, Published, Watchers,
    ];

    private static IEnumerable<PartDifference> OfFile(FileState file) => Differences(
        file.Seen,
        file.Path,
        file.Path,
        hash => (file.Applied, hash) switch
        {
            // What is under way is said of the change.
            (null, null) or ("", _) => [],
            (null, _) =>
            [
                new PartDifference($"{file.Path} is there, and not known as applied")
                {
                    Subject = file.Path,
                    Remedy = "run 'vpn-confinement apply', which asks before a service loses its confinement by that",
                },
            ],
            (_, null) => [new PartDifference($"{file.Path} is missing") { Subject = file.Path }],
            _ when hash != file.Applied =>
                [new PartDifference($"{file.Path} was changed since it was applied") { Subject = file.Path }],
            _ => [],
        });

    private static IEnumerable<PartDifference> OfWatcher(WatcherState watcher)
    {
        var unit = StateLayout.WatchUnit(watcher.Namespace);
        if (watcher.ActiveState is not ("active" or "activating"))
        {
            yield return new PartDifference(
                $"{unit} does not run, so what others change is not noticed and not repaired")
            {
                Subject = watcher.Namespace,
                Remedy = $"run 'systemctl start {unit}'",
            };
        }

        // It goes on with the program that it was started by, whatever lies in its place by now.
        foreach (var difference in Differences(
            watcher.IsReplaced,
            watcher.Namespace,
            $"the program of {unit}",
            isReplaced => !isReplaced ? [] :
            [
                new PartDifference($"{unit} runs a program that was replaced since")
                {
                    Subject = watcher.Namespace,
                    Remedy = $"run 'systemctl restart {unit}'",
                },
            ]))
        {
            yield return difference;
        }
    }

    // What could not be seen is never a pass.
    private static IEnumerable<PartDifference> Differences<T>(
        Observation<T>? seen, string subject, string title, Func<T, IEnumerable<PartDifference>> compare) => seen switch
    {
        null => [],
        Observation<T>.Known known => compare(known.Value),
        Observation<T>.Unknown unknown => [Unseen(subject, title, unknown.Reason)],
        _ => throw new InvalidOperationException("an observation of an unknown kind"),
    };

    private static PartDifference Unseen(string subject, string title, string reason) =>
        new($"{title} could not be read: {reason}", IsUnknown: true) { Subject = subject };

    private static IEnumerable<string> UnknownOf(Observation<bool> seen) => seen switch
    {
        Observation<bool>.Known { Value: true } => [],
        Observation<bool>.Known => ["it is not there"],
        Observation<bool>.Unknown unknown => [unknown.Reason],
        _ => throw new InvalidOperationException("an observation of an unknown kind"),
    };
}
