using System.Text.RegularExpressions;

namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>Whether a run flushes files before it renames them, and folders before it writes down that it is done with them: a power cut could undo them otherwise.</summary>
internal sealed partial class FlushOrder
{
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly List<string> _mistakes = [];

    /// <param name="trace">What strace wrote, with the paths of descriptors.</param>
    internal FlushOrder(string trace)
    {
        foreach (var line in trace.Split('\n').Where(l => !l.Contains(") = -1 ", StringComparison.Ordinal)))
        {
            if (Call().Match(line) is { Success: true } call && Paths().Matches(line).Select(p => p.Groups[1].Value).Where(IsLasting).ToList() is [.., var path] paths)
            {
                Take(call.Groups[1].Value, paths[0], path);
            }
        }

        Require("the end", null);
    }

    internal IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>How many flushes there were.</summary>
    internal int Flushed { get; private set; }

    private void Take(string call, string first, string last)
    {
        switch (call)
        {
            case "pwrite64" or "write":
                _files.Add(first);
                break;
            case "fsync":
                Flushed++;
                _files.Remove(first);
                _folders.Remove(first);
                break;
            case "rename":
                if (_files.Contains(first))
                {
                    _mistakes.Add($"{first} is renamed before it is flushed");
                }

                if (last == $"{FaultMachine.State}/manifest.json")
                {
                    Require("the manifest", Path.GetDirectoryName(last));
                }

                _folders.Add(Path.GetDirectoryName(last)!);
                break;
            case "unlink" or "mkdir" or "symlink" or "rmdir":
                _folders.Remove(last);
                _folders.Add(Path.GetDirectoryName(last)!);
                break;
        }
    }

    // The folder of the manifest is flushed with it.
    private void Require(string when, string? except) => _mistakes.AddRange(_folders.Where(f => f != except).Order(StringComparer.Ordinal).Select(f => $"{f} is not flushed when {when} comes"));

    private static bool IsLasting(string path) =>
        path is "/etc" or "/var"
        || path.StartsWith("/etc/", StringComparison.Ordinal) || path.StartsWith("/var/", StringComparison.Ordinal);

    [GeneratedRegex(@"^([a-z0-9]+)\(")]
    private static partial Regex Call();

    [GeneratedRegex("[<\"](/[^>\"]+)[>\"]")]
    private static partial Regex Paths();
}
