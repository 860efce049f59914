namespace VpnConfinement.Linux.Files;

/// <summary>
/// A folder that stands for the root of a host: paths of that host are found below it and nowhere else. A symbolic link
/// is followed as that host would follow it: an absolute one from this folder on, and <c>..</c> never out of it.
/// </summary>
/// <param name="root">The folder; <c>/</c> for this host, whose links the kernel follows.</param>
internal sealed class RootFolder(string root)
{
    // As many as the kernel follows.
    private const int MostLinks = 40;

    private readonly string _root = Path.GetFullPath(root);

    /// <summary>Where a path of the host lies.</summary>
    /// <param name="path">An absolute path of the host.</param>
    /// <exception cref="UnreadableFileException">Its links lead in a circle.</exception>
    internal string PathOf(string path) => _root == "/" ? path : _root + Follow(path);

    /// <summary>Where a path of the host leads once its links are followed, as a path of the host.</summary>
    /// <param name="path">An absolute path of the host.</param>
    /// <exception cref="UnreadableFileException">Its links lead in a circle.</exception>
    internal string RealPath(string path) => Follow(path) is { Length: > 0 } real ? real : "/";

    private string Follow(string path)
    {
        var below = _root == "/" ? "" : _root;
        var names = new Stack<string>();
        Push(names, path);
        var links = 0;
        var found = "";
        while (names.TryPop(out var name))
        {
            if (name == "..")
            {
                found = found[..Math.Max(0, found.LastIndexOf('/'))];
            }
            else if (new FileInfo($"{below}{found}/{name}").LinkTarget is not { } target)
            {
                found = $"{found}/{name}";
            }
            else
            {
                if (++links > MostLinks)
                {
                    throw new UnreadableFileException(path, "its symbolic links lead in a circle", null);
                }

                found = target.StartsWith('/') ? "" : found;
                Push(names, target);
            }
        }

        return found;
    }

    /// <summary>What the link of a path leads to, as it is written; null where it is no link.</summary>
    /// <param name="path">An absolute path of the host.</param>
    internal string? LinkTarget(string path) =>
        new FileInfo(_root == "/" ? path : Path.Combine(_root, path.TrimStart('/'))).LinkTarget;

    private static void Push(Stack<string> names, string path)
    {
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(n => n != ".").Reverse())
        {
            names.Push(name);
        }
    }
}
