using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Files;

/// <summary>
/// Whether a folder is where its path says for as long as it is used: whoever may write a folder on the way can put a link there, and have root write
/// somewhere else.
/// </summary>
internal static class TrustedFolder
{
    // As many as the kernel follows.
    private const int MostLinks = 40;

    /// <summary>Makes sure that nobody but root and the caller has a hand in the path; what of it is not there yet is passed over.</summary>
    /// <param name="folder">Absolute path without <c>.</c> and <c>..</c>.</param>
    /// <exception cref="SystemFailure">Another user owns, or may write, a folder of it.</exception>
    internal static void Require(string folder)
    {
        var names = new Stack<string>();
        Push(names, folder);
        var path = "";
        Check("/", isLast: names.Count == 0);
        var links = 0;
        while (names.TryPop(out var name))
        {
            if (name == "..")
            {
                path = path[..Math.Max(0, path.LastIndexOf('/'))];
                continue;
            }

            var next = $"{path}/{name}";
            if (!Path.Exists(next) && new FileInfo(next).LinkTarget is null)
            {
                return;
            }

            if (Check(next, isLast: names.Count == 0) is not { } target)
            {
                path = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new SystemFailure($"{folder} has too many symbolic links");
            }

            path = target.StartsWith('/') ? "" : path;
            Push(names, target);
        }
    }

    private static void Push(Stack<string> names, string path)
    {
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(n => n != ".").Reverse())
        {
            names.Push(name);
        }
    }

    // What a link leads to, or null for anything else.
    private static string? Check(string path, bool isLast)
    {
        var found = Kernel.Identify(path);
        if (found.Uid != 0 && found.Uid != Kernel.EffectiveUser)
        {
            throw new SystemFailure($"{path} belongs to the user {found.Uid}, who could have it written elsewhere");
        }

        if (found.IsLink)
        {
            return new FileInfo(path).LinkTarget;
        }

        return found.OthersCanWrite && (isLast || !found.IsSticky)
            ? throw new SystemFailure($"{path} can be written by others, who could have it written elsewhere")
            : null;
    }
}
