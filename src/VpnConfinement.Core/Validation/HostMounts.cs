using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>
/// What the host mounts on demand, and what from a network, as its units, /etc/fstab and the maps of autofs say.
/// </summary>
public sealed class HostMounts
{
    /// <summary>Where a file that says so could not be read, and why.</summary>
    internal IReadOnlyList<(string File, string Reason)> Unknown { get; }

    /// <summary>
    /// The places that mount on demand, ordinal order of their paths. Those that surely mount from this host are none.
    /// </summary>
    internal IReadOnlyList<Automount> Automounts { get; }

    /// <summary>The network file systems, ordinal order of their paths.</summary>
    internal IReadOnlyList<NetworkMount> Network { get; }

    /// <summary>Whether it matters which systemd runs: there is something that only an earlier one can hide (VPC107).</summary>
    public static bool NeedSystemd(HostFacts facts) => new HostMounts(facts).Automounts.Any(a => a.IsDirect);

    internal HostMounts(HostFacts facts)
    {
        var mounts = new SortedDictionary<string, (string? Type, string Source, string Options, string Origin)>(
            StringComparer.Ordinal);
        var automounts = new SortedDictionary<string, Automount>(StringComparer.Ordinal);
        foreach (var (name, settings) in Units(facts, ".mount"))
        {
            if (settings.Last("Mount", "Where") is ['/', ..] where)
            {
                var (source, options) = (settings.Last("Mount", "What") ?? "", settings.Last("Mount", "Options") ?? "");
                mounts.TryAdd(RunBindRules.Plain(where), (settings.Last("Mount", "Type"), source, options, name));
            }
        }

        var (texts, unknown) = Texts(facts);
        foreach (var entry in texts.Where(t => t.File == Fstab.Path).SelectMany(t => Fstab.Parse(t.Content)))
        {
            mounts.TryAdd(entry.Where, (entry.Type, entry.Source, entry.Options, Fstab.Path));
            if (entry.IsAutomount)
            {
                automounts.TryAdd(entry.Where, new Automount(entry.Where, Fstab.Path, IsDirect: true));
            }
        }

        foreach (var (name, settings) in Units(facts, ".automount"))
        {
            if (settings.Last("Automount", "Where") is ['/', ..] where)
            {
                automounts[RunBindRules.Plain(where)] = new Automount(RunBindRules.Plain(where), name, IsDirect: true);
            }
        }

        foreach (var (path, mount) in mounts)
        {
            if (NetworkFileSystems.IsLocal(mount.Type, mount.Source, mount.Options))
            {
                automounts.Remove(path);
            }
        }

        foreach (var (file, content) in texts.Where(t => t.File != Fstab.Path))
        {
            var isMaster = file == AutofsMaster.Path
                || HostPath.IsBelow(file, AutofsMaster.Folder);
            foreach (var point in isMaster ? AutofsMaster.Points(content) : AutofsMaster.Keys(content))
            {
                automounts[point] = new Automount(point, file, !isMaster);
            }
        }

        Unknown = unknown;
        Automounts = [.. automounts.Values];
        Network =
        [
            .. mounts.Where(m => NetworkFileSystems.Is(m.Value.Type, m.Value.Source, m.Value.Options))
                .Select(m => new NetworkMount(m.Key, $"{m.Value.Type} {m.Value.Source}".Trim(), m.Value.Origin)),
        ];
    }

    // Files of the configuration's own are asked for by it, and are none of these.
    private static (List<(string File, string Content)> Texts, List<(string File, string Reason)> Unknown) Texts(
        HostFacts facts)
    {
        var texts = new List<(string File, string Content)>();
        var unknown = new List<(string File, string Reason)>();
        foreach (var file in facts.MountFiles.Order(StringComparer.Ordinal))
        {
            switch (facts.File(file))
            {
                case FileFact.Present { Text: { } text }:
                    texts.Add((file, text.Content));
                    break;
                case FileFact.Unreadable unreadable:
                    unknown.Add((file, unreadable.Reason));
                    break;
                default:
                    break;
            }
        }

        return (texts, unknown);
    }

    private static IEnumerable<(string Name, UnitSettings Settings)> Units(HostFacts facts, string suffix) =>
        facts.Units.Where(u => u.Key.EndsWith(suffix, StringComparison.Ordinal) && u.Value is UnitFact.Present)
            .OrderBy(u => u.Key, StringComparer.Ordinal)
            .Select(u => (u.Key, UnitSettings.Read(((UnitFact.Present)u.Value).Texts)));
}
