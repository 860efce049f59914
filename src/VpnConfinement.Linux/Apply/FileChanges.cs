using VpnConfinement.Linux.Files;

namespace VpnConfinement.Linux.Apply;

/// <summary>A run of file writes that is undone when one of them fails: what was there before is put back, newest first.</summary>
internal sealed class FileChanges
{
    private readonly Stack<(string Path, byte[]? Before, UnixFileMode Mode)> _begun = [];

    internal void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var before = File.Exists(path) ? File.ReadAllBytes(path) : null;

        // Before the write: one that fails half way, after its rename for one, has to be undone as well.
        _begun.Push((path, before, before is null ? mode : File.GetUnixFileMode(path)));
        AtomicFile.Write(path, content, mode);
    }

    /// <summary>Makes a symbolic link, in place of whatever else of ours is there.</summary>
    internal void Link(string path, string target)
    {
        if (new FileInfo(path).LinkTarget == target)
        {
            return;
        }

        _begun.Push((path, null, default));
        var folder = Path.GetDirectoryName(path)!;
        AtomicFile.CreateFolder(folder);
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
        AtomicFile.FlushFolder(folder);
    }

    /// <summary>Puts back what was there. What cannot be put back is named in the list that is returned; the rest is still tried.</summary>
    /// <param name="reload">Makes systemd read the files again, once they are back.</param>
    internal IReadOnlyList<string> UndoAll(Action reload)
    {
        var failures = new List<string>();
        while (_begun.TryPop(out var change))
        {
            Try(change.Path, () => PutBack(change.Path, change.Before, change.Mode), failures);
        }

        Try("systemd's reload", reload, failures);
        return failures;
    }

    private static void PutBack(string path, byte[]? before, UnixFileMode mode)
    {
        if (before is not null)
        {
            AtomicFile.Write(path, before, mode);
        }
        else
        {
            OwnFiles.Delete(path);
        }
    }

    private static void Try(string what, Action step, List<string> failures)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
        {
            failures.Add($"{what}: {e.Message}");
        }
    }
}
