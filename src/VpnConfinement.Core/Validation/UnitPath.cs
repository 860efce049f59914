using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>A path that a service's own unit names.</summary>
/// <param name="Setting">How it stands there, as <c>ReadWritePaths=/srv/media</c>.</param>
/// <param name="Path">The path on the host.</param>
/// <param name="Place">Where the service sees it: the target of a bind, else the path itself.</param>
internal sealed record UnitPath(string Setting, string Path, string Place)
{
    private static readonly string[] BindKeys = ["BindPaths", "BindReadOnlyPaths"];
    private static readonly string[] PlainKeys =
    [
        "ReadWritePaths", "ReadOnlyPaths", "ReadWriteDirectories", "ReadOnlyDirectories", "ExecPaths", "NoExecPaths",
        "WorkingDirectory",
    ];

    private static readonly string[] MountKeys = ["RequiresMountsFor", "WantsMountsFor"];
    private static readonly string[] HidingKeys =
        ["InaccessiblePaths", "InaccessibleDirectories", "TemporaryFileSystem"];

    private static readonly (string Key, string Folder)[] FolderKeys =
    [
        ("StateDirectory", "/var/lib/"), ("CacheDirectory", "/var/cache/"), ("LogsDirectory", "/var/log/"),
        ("ConfigurationDirectory", "/etc/"),
    ];

    /// <summary>The settings whose paths are looked at, in ordinal order; the programs of commands are too.</summary>
    internal static IEnumerable<string> Keys =>
        BindKeys.Concat(PlainKeys).Concat(MountKeys).Concat(FolderKeys.Select(k => k.Key)).Order(StringComparer.Ordinal);

    // systemd.unit(5), "Specifiers": what these are for services of the system.
    private static readonly (string Specifier, string Folder)[] Specifiers =
    [
        ("%S", "/var/lib"), ("%C", "/var/cache"), ("%L", "/var/log"), ("%E", "/etc"), ("%T", "/tmp"),
        ("%V", "/var/tmp"), ("%h", "/root"),
    ];

    /// <summary>Whether the service sees something of a folder by it, wherever it sees it.</summary>
    internal bool Reaches(string folder) => IsIn(Path, folder) || (Path != Place && IsIn(folder, Path));

    /// <summary>
    /// The paths that a service needs, as far as its unit names them: in the order of keys, programs last.
    /// </summary>
    internal static IEnumerable<UnitPath> Needed(ServiceUnit service)
    {
        var settings = service.Settings;
        foreach (var (key, word) in BindKeys.SelectMany(k => settings.Words("Service", k).Select(w => (k, w))))
        {
            var parts = word.TrimStart('-').Split(':');
            var place = parts.Length > 1 ? parts[1] : parts[0];
            yield return new UnitPath($"{key}={word}", Real(parts[0], service), Real(place, service));
        }

        var plain = PlainKeys.SelectMany(k => settings.Words("Service", k).Select(w => (k, w)));
        var mounts = MountKeys.SelectMany(k => settings.UnitList("Unit", k).Select(w => (k, w)));
        foreach (var (key, word) in plain.Concat(mounts))
        {
            yield return At($"{key}={word}", word.TrimStart('-', '+'), service);
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
            var programs = UnitCommand.All(settings, key).Select(c => c.Words[0]);
            foreach (var program in programs.Where(p => p.StartsWith('/')))
            {
                yield return At($"{key}={program}", program, service);
            }
        }
    }

    /// <summary>The places that the unit itself hides from its service.</summary>
    internal static IEnumerable<string> Hidden(ServiceUnit service) =>
        HidingKeys.SelectMany(k => service.Settings.Words("Service", k))
            .Select(w => Real(w.TrimStart('-', '+').Split(':')[0], service));

    /// <summary>Whether a path is a folder or lies in it.</summary>
    internal static bool IsIn(string path, string folder) =>
        path == folder || folder == "/" || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static UnitPath At(string setting, string path, ServiceUnit service) =>
        new(setting, Real(path, service), Real(path, service));

    private static string Real(string path, ServiceUnit service)
    {
        var plain = Specifiers.Aggregate(path, (p, s) => p.Replace(s.Specifier, s.Folder, StringComparison.Ordinal));
        return RunBindRules.Plain(UnitSpecifiers.Expand(plain, service.RealName) ?? plain);
    }
}
