using VpnConfinement.Drift;
using VpnConfinement.State;
using VpnConfinement.Text;
using static VpnConfinement.Core.Tests.Drift.NamespaceSample;

namespace VpnConfinement.Core.Tests.Drift;

/// <summary>The parts of the host: each is compared, and what cannot be seen of it is never a pass.</summary>
[Trait("guarantees", "S-32")]
public sealed class HostPartTests
{
    private const string Watcher = "vpn-confinement-watch@media.service";
    private const string Gate = "vpn-confinement-gate-media@app.service.service";
    private const string Forwarder = "vpn-confinement-publish-media-80.service";

    /// <summary>
    /// For each part a state in which it alone differs, what is said of it and what to type, and one that is unknown.
    /// </summary>
    private static readonly (string Part, HostState Seen, string Said, string? Remedy, HostState? Unseen)[] Cases =
    [
        (
            "change",
            new() { IsUnderWay = true },
            "the last 'apply' or 'remove' is under way, or was cut short",
            "in that case run it again",
            null),
        (
            "temporary files",
            new() { TemporaryFiles = Known<IReadOnlyList<string>>(["/t"]) },
            "/t was left behind by a write that was cut short",
            "run 'vpn-confinement apply', which deletes it",
            new() { TemporaryFiles = Unknown<IReadOnlyList<string>>() }),
        (
            "generations",
            Kept(new() { Applied = 3, AppliedDamage = "it is damaged" }),
            "it is damaged; there is no going back to it, and the next 'apply' keeps it anew",
            null,
            new() { Kept = Unknown<KeptState>() }),
        (
            "generations",
            Kept(new() { Applied = 3, BackTo = 2, BackToDamage = "it is gone" }),
            "it is gone; the change that waits to be confirmed cannot go back to it: run 'vpn-confinement "
                + "confirm' to keep that change, or 'vpn-confinement apply'",
            null,
            null),
        (
            "generations",
            Kept(new() { Applied = 3, PendingDamage = "it is no JSON" }),
            "it is no JSON; the change that waits to be confirmed does not go back by itself, and the next "
                + "'apply' keeps it",
            null,
            null),
        (
            "generations",
            Kept(new() { Applied = 3, BackTo = 2, Damaged = [(1, "it is damaged"), (2, "twice"), (3, "twice")] }),
            "it is damaged; there is no going back to it any more, and the next 'apply' deletes it",
            null,
            null),
        ("files", File("a", Known<string?>(null)), "/f is missing", Apply, File("a", Unknown<string?>())),
        ("files", File("a", Known<string?>("b")), "/f was changed since it was applied", Apply, null),
        (
            "files",
            File(null, Known<string?>("b")),
            "/f is there, and not known as applied",
            "run 'vpn-confinement apply', which asks before a service loses its confinement by that",
            File(null, Unknown<string?>())),
        (
            "keys",
            new() { Keys = [new("/k", Known(false))] },
            "key /k is missing, or others than root may read it",
            Apply,
            new() { Keys = [new("/k", Unknown<bool>())] }),
        (
            "units",
            Unit(new() { Name = "app.service", Namespace = "media", Loaded = Shown() }),
            "app.service is not confined as it was applied: NetworkNamespacePath is '' and not '/run/netns/media'",
            Apply,
            null),
        (
            "units",
            Unit(new()
            {
                Name = "app.service",
                Namespace = "media",
                Loaded = Shown(("NetworkNamespacePath", "/run/netns/media")),
                DropIn = UnitSettings.Read([]),
            }),
            "app.service is not confined as it was applied: its drop-in names no namespace",
            "run 'vpn-confinement apply'; if that refuses, take the line that undoes it out ('systemctl cat "
                + "app.service' shows where) and run it again",
            null),
        (
            "units",
            Unit(new()
            {
                Name = Forwarder,
                Namespace = "media",
                IsForwarder = true,
                Loaded = Shown(("NetworkNamespacePath", "/run/netns/media"), ("BindsTo", "other.service")),
            }),
            $"{Forwarder} is not confined as it was applied: BindsTo is 'other.service' and lacks "
                + "'vpn-confinement-netns@media.service'",
            "run 'vpn-confinement apply'; if that refuses, take the line that undoes it out ('systemctl cat "
                + $"{Forwarder}' shows where) and run it again",
            null),
        (
            "own units",
            Own(Shown(("FragmentPath", $"/run/systemd/system/{Gate}"))),
            $"{Gate}, a unit of ours, does not do what it was made for: it is read from "
                + $"/run/systemd/system/{Gate} and not from /etc/systemd/system/vpn-confinement-gate-media@.service",
            TakeOut,
            Own(Shown(), Unknown<SourceText?>())),
        (
            "own units",
            Own(Shown(("RemainAfterExit", "yes"))),
            $"{Gate}, a unit of ours, does not do what it was made for: RemainAfterExit is 'yes', so it does "
                + "not run each time that it should",
            TakeOut,
            null),
        (
            "own units",
            Own(Shown(), Known<SourceText?>(null)),
            $"{Gate}, a unit of ours, does not do what it was made for: the drop-in /d is loaded and is gone",
            TakeOut,
            null),
        (
            "own units",
            Own(Shown(), Known<SourceText?>(new("/d", "[Unit]\nConditionPathExists=/x\n"))),
            $"{Gate}, a unit of ours, does not do what it was made for: the drop-in /d sets ConditionPathExists=",
            TakeOut,
            null),
        (
            "processes",
            Process("0:1"),
            "process 7 of app.service is outside its namespace (netns 1)",
            "stop app.service",
            Process(null)),
        (
            "processes",
            Processes(null, Known<IReadOnlyList<UnitProcess>>([new(7, "0:2", 2)])),
            "process 7 of app.service is outside its namespace (netns 2)",
            "stop app.service",
            Processes("0:2", Unknown<IReadOnlyList<UnitProcess>>())),
        (
            "service view",
            View(Known<IReadOnlyList<string>>(["/run/dbus of the host"])),
            "process 7 of app.service sees /run/dbus of the host",
            "run 'systemctl restart app.service'",
            View(Unknown<IReadOnlyList<string>>())),
        (
            "service sockets",
            Descriptors("0:1"),
            "descriptor 3 of process 7 of app.service is a socket (IPv4) of another network than its namespace",
            "run 'systemctl stop app.service', and have it started without that socket",
            Descriptors(null)),
        (
            "service sockets",
            Descriptors(Known<IReadOnlyList<ServiceSocket>>([new(7, 3, "0:1", "a socket (IPv4)")]), netns: null),
            "descriptor 3 of process 7 of app.service is a socket (IPv4) of another network than its namespace",
            "run 'systemctl stop app.service', and have it started without that socket",
            Descriptors(Unknown<IReadOnlyList<ServiceSocket>>())),
        (
            "service sockets",
            Descriptors("0:1"),
            "descriptor 3 of process 7 of app.service is a socket (IPv4) of another network than its namespace",
            "run 'systemctl stop app.service', and have it started without that socket",
            Descriptors(Known<IReadOnlyList<ServiceSocket>>([]), "systemd keeps 1 descriptors: no answer")),
        (
            "sockets",
            Socket(Known(false)),
            "app.socket does not listen at [::]:80 (Stream) in its namespace",
            "run 'systemctl restart app.socket'",
            Socket(Unknown<bool>())),
        (
            "published ports",
            new() { Published = [new("p.socket", "failed")] },
            "p.socket is failed, so nothing listens for that published port",
            "see 'journalctl -u p.socket', then run 'vpn-confinement apply'",
            null),
        (
            "watcher",
            new() { Watchers = [new("media", "failed", null)] },
            $"{Watcher} does not run, so what others change is not noticed and not repaired",
            $"run 'systemctl start {Watcher}'",
            null),
        (
            "watcher",
            new() { Watchers = [new("media", "active", Known(true))] },
            $"{Watcher} runs a program that was replaced since",
            $"run 'systemctl restart {Watcher}'",
            new() { Watchers = [new("media", "active", Unknown<bool>())] }),
    ];

    private const string Apply = "run 'vpn-confinement apply'";
    private const string TakeOut = "take that out, then run 'vpn-confinement apply'";

    public static TheoryData<int> Numbers { get; } = [.. Enumerable.Range(0, Cases.Length)];

    [Fact]
    public void Where_nothing_was_looked_at_or_all_is_as_applied_nothing_differs()
    {
        Assert.Empty(PartList.Compare(new HostState()));
        Assert.Empty(PartList.Compare(new HostState
        {
            TemporaryFiles = Known<IReadOnlyList<string>>([]),
            Kept = Known(new KeptState { Applied = 3, BackTo = 3, BackToDamage = "it changed nothing yet" }),
            Files =
            [
                new("/a", "a", Known<string?>("a")),
                new("/b", "", Known<string?>("x")),
                new("/c", null, Known<string?>(null)),
            ],
            Keys = [new("/k", Known(true))],
            Records = [new("media", Known(true))],
            OwnUnits =
            [
                new(
                    Gate,
                    Shown(
                        ("FragmentPath", "/etc/systemd/system/vpn-confinement-gate-media@.service"),
                        ("RemainAfterExit", "no")),
                    [new("/d", Known<SourceText?>(new("/d", "[Service]\nNice=1\n")))]),
            ],
            Processes = [new("app.service", "0:2", Known<IReadOnlyList<UnitProcess>>([new(7, "0:2", 2)]))],
            Views = [new("app.service", 7, Known<IReadOnlyList<string>>([]))],
            Descriptors =
            [
                new("app.service", "0:2", Known<IReadOnlyList<ServiceSocket>>([new(7, 3, "0:2", "a socket")]), []),
            ],
            Published = [new("p.socket", "active")],
            Watchers = [new("media", "active", Known(false)), new("films", "activating", null)],
        }));
    }

    // A record is there and fits, or it is not known what was applied.
    [Fact]
    public void A_record_that_is_no_good_is_unknown_and_has_its_namespace_made_anew()
    {
        var entry = Assert.Single(PartList.Compare(new HostState { Records = [new("media", Unknown<bool>())] }));
        Assert.Equal(
            ("record", DriftKind.Namespace, "media", true, true),
            (entry.Part!.Name, entry.Kind, entry.Subject, entry.IsUnknown, entry.IsToRepair));
        Assert.False(entry.IsRepairedInPlace);
        Assert.Equal(
            "what was applied for namespace media (/var/lib/vpn-confinement/namespaces/media/plan.json and the ruleset "
            + "beside it) is missing or damaged: no answer",
            entry.Text);
    }

    [Fact]
    public void Each_part_of_the_host_is_compared_here_and_its_name_is_its_own()
    {
        Assert.Equal(
            PartList.All.OfType<HostPart>().Select(p => p.Name).Order(),
            Cases.Select(c => c.Part).Append("record").Distinct().Order());
        Assert.Equal(PartList.All.Count, PartList.All.Select(p => p.Name).Distinct().Count());
        Assert.All(PartList.All, part => Assert.Equal(part.Damages.Count == 3, part.OtherDamages is null));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void What_differs_is_said_of_its_part(int number)
    {
        var (part, seen, said, remedy, _) = Cases[number];
        var entry = Assert.Single(PartList.Compare(seen));
        Assert.Equal((part, said, remedy, false), (entry.Part!.Name, entry.Text, entry.Remedy, entry.IsUnknown));
        Assert.NotEqual("", entry.Subject);
        Assert.True(entry.IsToRepair);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void What_cannot_be_seen_is_never_a_pass(int number)
    {
        var (part, _, _, _, unseen) = Cases[number];
        if (unseen is not null)
        {
            var entry = Assert.Single(PartList.Compare(unseen));
            Assert.Equal((part, true), (entry.Part!.Name, entry.IsUnknown));
            Assert.NotEqual("", entry.Subject);
        }
    }

    // systemd says what it has loaded, or the look as a whole fails; that a change is under way stands in the manifest.
    [Fact]
    public void Of_each_part_but_those_that_are_always_seen_the_unknown_is_compared_here() => Assert.Equal(
        ["change", "published ports", "record", "units"],
        PartList.All.OfType<HostPart>().Select(p => p.Name)
            .Except(Cases.Where(c => c.Unseen is not null).Select(c => c.Part)).Order());

    [Fact]
    public void A_file_is_compared_with_the_manifest_and_what_that_has_not_is_unrecorded()
    {
        var files = FileState.Of([new ManifestFile("/a", "a", null, null)], _ => Known<string?>("b"));
        Assert.Equal("/a was changed since it was applied", TextOf(files));
        var unrecorded = FileState.Unrecorded(["/a"], _ => Known<string?>("b"));
        Assert.Equal("/a is there, and not known as applied", TextOf(unrecorded));
    }

    private static string TextOf(IReadOnlyList<FileState> files) =>
        Assert.Single(PartList.Compare(new HostState { Files = files })).Text;

    private static HostState Kept(KeptState kept) => new() { Kept = Known(kept) };

    private static HostState File(string? applied, Observation<string?> seen) =>
        new() { Files = [new("/f", applied, seen)] };

    private static HostState Socket(Observation<bool> isInside) =>
        new() { Sockets = [new("app.socket", "[::]:80 (Stream)", isInside)] };

    private static HostState View(Observation<IReadOnlyList<string>> lost) =>
        new() { Views = [new("app.service", 7, lost)] };

    private static HostState Descriptors(string? netns) =>
        Descriptors(Known<IReadOnlyList<ServiceSocket>>([new(7, 3, netns, "a socket (IPv4)")]));

    private static HostState Descriptors(
        Observation<IReadOnlyList<ServiceSocket>> sockets, string? unseen = null, string? netns = "0:2") =>
        new() { Descriptors = [new("app.service", netns, sockets, unseen is null ? [] : [unseen])] };

    private static HostState Unit(LoadedUnit unit) => new() { Units = [unit] };

    private static HostState Own(
        IReadOnlyDictionary<string, string> shown, params Observation<SourceText?>[] dropIns) =>
        new() { OwnUnits = [new(Gate, shown, [.. dropIns.Select(d => new SeenItem<SourceText?>("/d", d))])] };

    private static HostState Process(string? netns) =>
        Processes("0:2", Known<IReadOnlyList<UnitProcess>>([new(7, netns, netns is null ? null : 1)]));

    private static HostState Processes(string? wanted, Observation<IReadOnlyList<UnitProcess>> seen) =>
        new() { Processes = [new("app.service", wanted, seen)] };

    private static Dictionary<string, string> Shown(params (string Key, string Value)[] properties) =>
        properties.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
}
