using VpnConfinement.Doctor;
using VpnConfinement.Linux.Facts;

namespace VpnConfinement.Linux.Doctor;

/// <summary>
/// The files of systemd-networkd that count (systemd.network(5)): one of a higher folder hides those of its name below.
/// </summary>
internal static class NetworkFilesReader
{
    private static readonly string[] Folders =
    [
        "/etc/systemd/network", "/run/systemd/network", "/usr/local/lib/systemd/network", "/usr/lib/systemd/network",
    ];

    internal static IReadOnlyList<NetworkFile> Read()
    {
        var files = new SortedDictionary<string, NetworkFile>(StringComparer.Ordinal);
        foreach (var folder in Folders.Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*.network").Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileName(path);
                if (!files.ContainsKey(name))
                {
                    files.Add(name, new NetworkFile(path, IsMasked(path) ? "" : TextFile.Read(path, path).Content));
                }
            }
        }

        return [.. files.Values];
    }

    private static bool IsMasked(string path) => new FileInfo(path).LinkTarget == "/dev/null";
}
