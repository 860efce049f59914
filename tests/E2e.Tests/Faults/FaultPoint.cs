using System.Globalization;
using System.Text.RegularExpressions;

namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>One place at which a run of the program is ended or made to fail.</summary>
/// <param name="Kind">What is counted: the system call and what happens to it, <c>rename ENOSPC</c> for one.</param>
/// <param name="Number">Which call of that name it is, counted from one.</param>
/// <param name="Inject">What strace is told to do with it; empty where a command fails instead.</param>
/// <param name="Call">The call as it was seen when nothing was injected.</param>
public sealed partial record FaultPoint(string Kind, int Number, string Inject, string Call)
{
    private static readonly string[] Calls =
    [
        "openat", "write", "pwrite64", "rename", "renameat", "renameat2", "fsync", "fdatasync", "unlink", "unlinkat", "symlink", "symlinkat", "mkdir", "mkdirat", "rmdir",
        "chmod", "fchmod", "fchmodat", "link", "linkat", "ftruncate", "clone", "clone3", "vfork", "wait4", "umount2",
    ];

    /// <summary>Whether VPNC_POINT names the points that are tried.</summary>
    public static bool IsNamed { get; } = Environment.GetEnvironmentVariable("VPNC_POINT") is { Length: > 0 };

    /// <summary>Whether all points are tried, and not a sample.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("VPNC_FULL") == "1";

    /// <summary>What is traced, as strace wants it; <c>?</c> passes over what a processor's kernel does not have.</summary>
    public static string Traced { get; } = string.Join(',', Calls.Select(call => "?" + call));

    /// <summary>A shell line that brings the fault about, in place of <see cref="Inject"/>.</summary>
    public string Setup { get; init; } = "";

    /// <summary>The shell line that ends the fault, with everything left as it is.</summary>
    public string Lift { get; init; } = "true";

    /// <summary>The shell line after which nothing of it is left, once the next 'apply' is through.</summary>
    public string End { get; init; } = "true";

    /// <summary>Whether it is one of <see cref="FaultMessages"/>, counted over all threads.</summary>
    public bool IsMessage { get; init; }

    /// <summary>Whether the program is killed there, and not told of an error.</summary>
    public bool Kills => Kind.EndsWith(" killed", StringComparison.Ordinal);

    /// <summary>The points at which a run can be killed: before each call that did something, and so after each one before it.</summary>
    public static IReadOnlyList<FaultPoint> Killed(string trace) =>
        [.. Changing(trace).Select(c => new FaultPoint($"{c.Name} killed", c.Number, $"{c.Name}:signal=KILL:when={c.Number}", c.Text))];

    /// <summary>The points at which a run can be told of an error, once or from then on.</summary>
    public static IReadOnlyList<FaultPoint> Failed(string trace) => [.. Changing(trace).SelectMany(c => Errors(c.Name).Select(error => new FaultPoint(
        $"{c.Name} {error}", c.Number, $"{c.Name}:error={error.Split(' ')[0]}:when={c.Number}{(error.EndsWith("on", StringComparison.Ordinal) ? "+" : "")}", c.Text)))];

    /// <summary>The commands that a run starts, each of which can fail, with and without having done its work.</summary>
    public static IReadOnlyList<FaultPoint> Commands(string trace) =>
        [.. Enumerable.Range(1, Changing(trace).Count(c => IsSpawn(c.Name))).SelectMany(n => (FaultPoint[])[new("command undone", n, "", $"command {n}"), new("command done", n, "", $"command {n}")])];

    /// <summary>
    /// What is tried: all points in a full run (VPNC_FULL=1), or one of several shares of them (VPNC_SHARE=1/2), a sample
    /// in a short one, and those alone that VPNC_POINT, a pattern, names.
    /// </summary>
    public static IReadOnlyList<FaultPoint> Choose(IReadOnlyList<FaultPoint> all, string change, Func<IReadOnlyList<FaultPoint>, IReadOnlyList<FaultPoint>> sample) =>
        Environment.GetEnvironmentVariable("VPNC_POINT") is { Length: > 0 } pattern ? [.. all.Where(p => Regex.IsMatch($"{change}, {p}", pattern))]
        : IsFull ? Share(all, Environment.GetEnvironmentVariable("VPNC_SHARE") is { Length: > 0 } share ? share : "1/1")
        : sample(all);

    /// <summary>Every second point for 1/2 and 2/2, from the first or the second on: all shares together are all.</summary>
    internal static IReadOnlyList<FaultPoint> Share(IReadOnlyList<FaultPoint> all, string share)
    {
        var (part, of) = share.Split('/') is [var first, var last]
            && int.TryParse(first, CultureInfo.InvariantCulture, out var a)
            && int.TryParse(last, CultureInfo.InvariantCulture, out var b) && a >= 1 && a <= b ? (a, b)
            : throw new InvalidOperationException($"VPNC_SHARE is '{share}', and not one such as 1/2");
        return [.. all.Where((_, i) => i % of == part - 1)];
    }

    /// <summary>Points for a short run: of every <paramref name="step"/>-th kind one, another kind and another place for each <paramref name="offset"/>.</summary>
    public static IReadOnlyList<FaultPoint> Sample(IReadOnlyList<FaultPoint> all, int step, int offset) =>
        [.. all.GroupBy(p => p.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Where((_, i) => (i + offset) % step == 0).Select(g => g.ElementAt(((2 * offset) + 1) * g.Count() / 10 % g.Count()))];

    // Calls that are errors already (no such file, folder there already) change nothing, so that a run killed there is one killed at the next call.
    private static IEnumerable<(string Name, int Number, string Text)> Changing(string trace)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in trace.Split('\n'))
        {
            if (Line().Match(line) is not { Success: true } match)
            {
                continue;
            }

            var name = match.Groups["name"].Value;
            var number = seen[name] = seen.GetValueOrDefault(name) + 1;
            if (!line.Contains(") = -1 ", StringComparison.Ordinal) && IsChange(name, line))
            {
                yield return (name, number, line);
            }
        }
    }

    private static bool IsChange(string name, string line) => name switch
    {
        "openat" => line.Contains("O_CREAT", StringComparison.Ordinal),
        "clone" or "clone3" => line.Contains("CLONE_VFORK", StringComparison.Ordinal),
        "write" => Written().IsMatch(line),
        _ => true,
    };

    private static bool IsSpawn(string name) => name is "clone" or "clone3" or "vfork";

    private static string[] Errors(string call) => call switch
    {
        "openat" or "mkdir" or "mkdirat" or "symlink" or "symlinkat" or "link" or "linkat" => ["ENOSPC", "EROFS"],
        "write" or "pwrite64" => ["ENOSPC", "EIO", "ENOSPC from then on"],
        "fsync" or "fdatasync" => ["EIO", "EIO from then on"],
        "rename" or "renameat" or "renameat2" => ["ENOSPC", "EIO", "EROFS from then on"],
        "unlink" or "unlinkat" or "rmdir" => ["EIO", "EROFS from then on"],
        "chmod" or "fchmod" or "fchmodat" => ["EROFS", "EIO"],
        "clone" or "clone3" or "vfork" => ["EAGAIN", "ENOMEM from then on"],
        _ => [],
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Number}: {Call}");

    [GeneratedRegex(@"^(?<name>[a-z0-9]+)\(")]
    private static partial Regex Line();

    // To a file, or to whoever reads the messages; not a wake-up of the runtime's.
    [GeneratedRegex(@"^write\([0-9]+<(?:/|pipe)")]
    private static partial Regex Written();
}
