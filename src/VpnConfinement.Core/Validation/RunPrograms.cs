using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>
/// The programs that a command line runs as far as its words show: what <c>env</c>, <c>nice</c> and their like are given to run, and the commands of
/// <c>sh -c</c>. A script is not looked into.
/// </summary>
internal static class RunPrograms
{
    // More nesting than this is nobody's unit file.
    private const int Deepest = 8;

    private static readonly string[] Wrappers =
        ["env", "nice", "ionice", "nohup", "setsid", "timeout", "chrt", "taskset", "stdbuf", "time", "exec", "command", "sudo", "doas", "setpriv", "catatonit", "tini", "dumb-init", "catchsegv", "numactl", "flock"];

    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "busybox", "zsh", "ksh", "mksh", "su", "runuser"];

    private static readonly string[] ShellWords = ["if", "then", "else", "elif", "do", "while", "until", "!", "{", "}"];

    /// <summary>Each command as its words, the program first.</summary>
    internal static IEnumerable<IReadOnlyList<string>> Of(UnitCommand command) =>
        command.IsScript ? Commands(string.Join(' ', command.Words)).SelectMany(c => Of(c, 1)) : Of(command.Words, 0);

    /// <summary>The file name of a program.</summary>
    internal static string Name(string program) => program[(program.LastIndexOf('/') + 1)..];

    private static IEnumerable<IReadOnlyList<string>> Of(IReadOnlyList<string> words, int depth)
    {
        if (words.Count == 0 || depth > Deepest)
        {
            return [];
        }

        var name = Name(words[0]);
        if (Wrappers.Contains(name, StringComparer.Ordinal))
        {
            // Past its options, assignments and numbers.
            return Of([.. words.Skip(1).SkipWhile(w => w.Length == 0 || w[0] == '-' || char.IsAsciiDigit(w[0]) || w.Contains('=', StringComparison.Ordinal))], depth + 1);
        }

        if (Shells.Contains(name, StringComparer.Ordinal) && Script(words) is { } script)
        {
            return Commands(script).SelectMany(c => Of(c, depth + 1));
        }

        return [words];
    }

    // -c may be joined with other options, as in -ec.
    private static string? Script(IReadOnlyList<string> words)
    {
        for (var i = 1; i + 1 < words.Count; i++)
        {
            if (words[i] == "--command" || (words[i].Length > 1 && words[i][0] == '-' && words[i][1] != '-' && words[i].EndsWith('c')))
            {
                return words[i + 1];
            }
        }

        return null;
    }

    private static IEnumerable<IReadOnlyList<string>> Commands(string script) =>
        script.Split([';', '\n', '&', '|', '(', ')', '`'], StringSplitOptions.RemoveEmptyEntries)
            .Select(c => UnitWords.Split(c).SkipWhile(w => ShellWords.Contains(w, StringComparer.Ordinal) || IsAssignment(w)).ToList());

    private static bool IsAssignment(string word) => word.IndexOf('=', StringComparison.Ordinal) is var equals and > 0 && word[..equals].All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
