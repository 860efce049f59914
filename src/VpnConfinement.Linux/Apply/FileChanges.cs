using VpnConfinement.Linux.Files;

namespace VpnConfinement.Linux.Apply;

/// <summary>A run of file writes that is undone when one of them fails: what was there before is put back, newest first.</summary>
internal sealed class FileChanges
{
    private readonly Stack<(string Path, byte[]? Before, UnixFileMode Mode)> _done = [];

    internal void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var before = File.Exists(path) ? File.ReadAllBytes(path) : null;
        var beforeMode = before is null ? mode : File.GetUnixFileMode(path);
        AtomicFile.Write(path, content, mode);
        _done.Push((path, before, beforeMode));
    }

    /// <summary>Puts back what was there. What cannot be put back is named in the list that is returned; the rest is still tried.</summary>
    internal IReadOnlyList<string> Undo()
    {
        var failures = new List<string>();
        while (_done.TryPop(out var change))
        {
            try
            {
                if (change.Before is { } bytes)
                {
                    AtomicFile.Write(change.Path, bytes, change.Mode);
                }
                else
                {
                    OwnFiles.Delete(change.Path);
                }
            }
            catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
            {
                failures.Add($"{change.Path}: {e.Message}");
            }
        }

        return failures;
    }
}
