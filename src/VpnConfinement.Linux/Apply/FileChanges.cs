using System.Text;
using VpnConfinement.Compile;
using VpnConfinement.Linux.Files;

namespace VpnConfinement.Linux.Apply;

/// <summary>A run of file writes that is undone when one of them fails: what was there before is put back, newest first.</summary>
internal sealed class FileChanges
{
    private readonly Stack<(string Path, byte[]? Before, UnixFileMode Mode)> _begun = [];

    internal void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        using (var file = RegularFile.TryOpen(path))
        {
            // Before the write: one that fails half way, after its rename for one, has to be undone as well.
            _begun.Push((path, file?.ReadBytes(RegularFile.MostState), file?.Mode ?? mode));
        }

        AtomicFile.Write(path, content, mode);
    }

    /// <summary>Writes a file that everybody may read, or makes it the symbolic link that it is.</summary>
    internal void Install(GeneratedFile file)
    {
        if (file.LinkTo is { } target)
        {
            Link(file.Path, target);
        }
        else
        {
            Write(file.Path, Encoding.UTF8.GetBytes(file.Content), GeneratedFile.IsProgram(file.Path) ? AtomicFile.ProgramMode : AtomicFile.PublicMode);
        }
    }

    /// <summary>Makes a symbolic link, in place of whatever else of ours is there.</summary>
    private void Link(string path, string target)
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

    /// <summary>Puts back what was there. Where something cannot be put back, the rest is still tried.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="then">What is done once they are back; each is tried.</param>
    /// <exception cref="SystemFailure">Not everything could be put back; the message says what, and the cause.</exception>
    internal void UndoAll(Exception cause, params IReadOnlyList<(string What, Action Do)> then)
    {
        var failures = new List<string>();
        while (_begun.TryPop(out var change))
        {
            Try(change.Path, () => PutBack(change.Path, change.Before, change.Mode), failures);
        }

        foreach (var (what, step) in then)
        {
            Try(what, step, failures);
        }

        if (failures.Count > 0)
        {
            throw new SystemFailure(
                $"{cause.Message}; and not everything could be put back: {string.Join(", ", failures)}",
                "mend what is named, then run 'vpn-confinement apply' again",
                cause);
        }
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
