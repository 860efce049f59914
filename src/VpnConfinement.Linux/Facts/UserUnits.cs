using VpnConfinement.Model;

namespace VpnConfinement.Linux.Facts;

/// <summary>
/// The units of the users' own systemd, below a root folder (systemd.unit(5), "User Unit Search Path"). Folders of all
/// users are listed; those in homes are only asked for single names, which no unit of the system has.
/// </summary>
/// <param name="root">Root folder.</param>
internal sealed class UserUnits(string root)
{
    private static readonly string[] Folders =
    [
        "/etc/systemd/user", "/run/systemd/user", "/usr/local/lib/systemd/user", "/usr/local/share/systemd/user",
        "/usr/lib/systemd/user", "/usr/share/systemd/user", "/lib/systemd/user", "/etc/xdg/systemd/user",
    ];

    private static readonly string[] OfHome =
        [".config/systemd/user", ".config/systemd/user.control", ".local/share/systemd/user"];

    /// <summary>Names of the units in the folders of all users, and those of some names that lie in a home.</summary>
    /// <param name="names">Names that no unit of the system has.</param>
    /// <param name="homes">The homes of the users.</param>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    internal HashSet<string> Find(IReadOnlyCollection<string> names, IEnumerable<string> homes)
    {
        var found = Folders.Select(Below).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFileSystemEntries(f)).Select(f => Path.GetFileName(f))
            .ToHashSet(StringComparer.Ordinal);
        if (names.Count > 0)
        {
            var wanted = names.Concat(names.Select(UnitName.TemplateOf)).Distinct().ToList();
            var folders = homes.Select(Below)
                .SelectMany(home => OfHome.Select(f => Path.Combine(home, f))).Where(Directory.Exists);
            found.UnionWith(folders.SelectMany(f => wanted.Where(name => Path.Exists(Path.Combine(f, name)))));
        }

        return found;
    }

    private string Below(string path) => Path.Combine(root, path.TrimStart('/'));
}
