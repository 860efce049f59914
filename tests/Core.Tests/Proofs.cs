using System.Text.RegularExpressions;

namespace VpnConfinement.Core.Tests;

/// <summary>
/// What a cell of a table in docs/security.md may name as shown by: a test class, a test method, a kind of traffic of
/// the leak matrix, a script below tests/vm, or an entry of docs/known-issues.md.
/// </summary>
internal sealed partial class Proofs(string repository)
{
    private readonly string _knownIssues = File.ReadAllText(Path.Combine(repository, "docs/known-issues.md"));

    private readonly List<string> _sources =
    [
        .. Directory.EnumerateFiles(Path.Combine(repository, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText),
    ];

    /// <summary>Whether it names a known issue.</summary>
    internal bool IsOpen(string cell) => Issue().IsMatch(cell);

    /// <summary>What it names that does not exist; and where it names nothing, that.</summary>
    internal IReadOnlyList<string> Wrong(string cell)
    {
        var names = Name().Matches(cell).Select(m => m.Groups[1].Value).ToList();
        var issues = Issue().Matches(cell).Select(m => m.Groups[1].Value).ToList();
        return names.Count + issues.Count == 0
            ? ["names no test and no known issue"]
            : [
                .. names.Where(n => !Exists(n)).Select(n => $"there is no {n}"),
                .. issues.Where(i => !_knownIssues.Contains($"- **{i}", StringComparison.Ordinal))
                    .Select(i => $"known-issues.md has no '{i}'"),
            ];
    }

    private bool Exists(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return name.StartsWith("tests/vm/", StringComparison.Ordinal) && File.Exists(Path.Combine(repository, name));
        }

        var parts = name.Split('.');
        return char.IsUpper(name[0])
            ? _sources.Any(s => s.Contains($" class {parts[0]}", StringComparison.Ordinal)
                && (s.Contains("[Fact]", StringComparison.Ordinal) || s.Contains("[Theory]", StringComparison.Ordinal))
                && parts[1..].All(method =>
                    Regex.IsMatch(s, $@"^    public (static )?(async )?(void|Task) {method}\(", RegexOptions.Multiline)))
            : _sources.Any(s => s.Contains("TrafficKind", StringComparison.Ordinal)
                && s.Contains($"(\"{name}\",", StringComparison.Ordinal));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex("open: \"([^\"]+)\"")]
    private static partial Regex Issue();
}
