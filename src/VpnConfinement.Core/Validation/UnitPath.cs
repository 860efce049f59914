using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>A path that a service's own unit names.</summary>
/// <param name="Setting">How it stands there, as <c>ReadWritePaths=/srv/media</c>.</param>
/// <param name="Path">The path on the host.</param>
/// <param name="Place">Where the service sees it: the target of a bind, else the path itself.</param>
internal sealed record UnitPath(string Setting, string Path, string Place)
{
    private static readonly string[] PlainKeys =
        [.. MountSettings.Access, "ExecPaths", "NoExecPaths", "WorkingDirectory"];

    private static readonly string[] MountKeys = ["RequiresMountsFor", "WantsMountsFor"];

    /// <summary>Folders that systemd makes for a unit and, but for the last, gives to its user.</summary>
    internal static readonly (string Key, string Folder)[] FolderKeys =
    [
        ("StateDirectory", "/var/lib/"), ("CacheDirectory", "/var/cache/"), ("LogsDirectory", "/var/log/"),
        ("ConfigurationDirectory", "/etc/"),
    ];

    /// <summary>The settings whose paths are looked at, in ordinal order; the programs of commands are too.</summary>
    internal static IEnumerable<string> Keys =>
        MountSettings.Binds.Concat(PlainKeys).Concat(MountKeys).Concat(FolderKeys.Select(k => k.Key)).Order(StringComparer.Ordinal);

    // systemd.unit(5), "Specifiers": what these are for services of the system.
    private static readonly (string Specifier, string Folder)[] Specifiers =
    [
        ("%S", "/var/lib"), ("%C", "/var/cache"), ("%L", "/var/log"), ("%E", "/etc"), ("%T", "/tmp"),
        ("%V", "/var/tmp"), ("%h", "/root"),
    ];

    /// <summary>Whether the service sees something of a folder by it, wherever it sees it.</summary>
    internal bool Reaches(string folder) =>
        HostPath.IsIn(Path, folder) || (Path != Place && HostPath.IsIn(folder, Path));

    /// <summary>
    /// The paths that a service needs, as far as its unit names them: in the order of keys, programs last. Asked for as
    /// <see cref="ServiceUnit.Needed"/>.
    /// </summary>
    internal static IEnumerable<UnitPath> Needed(ServiceUnit service)
    {
        var settings = service.Settings;
        foreach (var (key, word) in MountSettings.Binds.SelectMany(k => settings.Words("Service", k).Select(w => (k, w))))
        {
            var mount = MountWord.Parse(word);
            yield return new UnitPath($"{key}={word}", Real(mount.Source, service), Real(mount.Place, service));
        }

        var plain = PlainKeys.SelectMany(k => settings.Words("Service", k).Select(w => (k, w)));
        var mounts = MountKeys.SelectMany(k => settings.UnitList("Unit", k).Select(w => (k, w)));
        foreach (var (key, word) in plain.Concat(mounts))
        {
            yield return At($"{key}={word}", MountWord.PathOf(word), service);
        }

        foreach (var (key, folder) in FolderKeys)
        {
            foreach (var word in settings.Words("Service", key))
            {
                yield return At($"{key}={word}", folder + word.Split(':')[0], service);
            }
        }

        foreach (var key in UnitCommand.Keys)
        {
            // A script may have no word at all.
            var programs = UnitCommand.All(settings, key).Select(c => c.Words is [var first, ..] ? first : "");
            foreach (var program in programs.Where(p => p.StartsWith('/')))
            {
                yield return At($"{key}={program}", program, service);
            }
        }
    }

    /// <summary>
    /// The places that the unit itself hides from its service. Asked for as <see cref="ServiceUnit.Hidden"/>.
    /// </summary>
    internal static IEnumerable<string> Hidden(ServiceUnit service) =>
        MountSettings.Hiding.SelectMany(k => service.Settings.Words("Service", k))
            .Select(w => Real(MountWord.Parse(w).Source, service));

    private static UnitPath At(string setting, string path, ServiceUnit service) =>
        new(setting, Real(path, service), Real(path, service));

    private static string Real(string path, ServiceUnit service)
    {
        var plain = Specifiers.Aggregate(path, (p, s) => p.Replace(s.Specifier, s.Folder, StringComparison.Ordinal));
        return RunBindRules.Plain(UnitSpecifiers.Expand(plain, service.RealName) ?? plain);
    }
}
