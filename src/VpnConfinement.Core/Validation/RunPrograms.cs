using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>
/// The programs that a command line may run, as far as its words show: what <c>env</c>, <c>nice</c> and their like are
/// given to run, and the commands of <c>sh -c</c>. Where an option may or may not have the next word as its value, both
/// are taken for possible. A script is not looked into.
/// </summary>
internal static class RunPrograms
{
    // More nesting than this is nobody's unit file.
    private const int Deepest = 64;

    // Run the command in their words, which is their first operand.
    private static readonly string[] Wrappers =
    [
        "env", "nice", "ionice", "nohup", "setsid", "stdbuf", "time", "exec", "command", "eval", "sudo",
        "doas", "pkexec", "runuser", "su", "setpriv", "chpst", "catatonit", "tini", "dumb-init", "catchsegv",
        "numactl", "busybox", "toybox", "xargs", "systemd-inhibit", "systemd-cat", "start-stop-daemon",
        "daemonize", "unshare", "prlimit", "choom", "setarch", "linux32", "linux64", "i386", "x86_64",
        "uclampset", "schedtool", "cgexec", "aa-exec", "runcon", "fakeroot", "eatmydata", "dbus-run-session",
        "xvfb-run", "strace", "ltrace", "bwrap", "proot", "firejail", "script", "watch", "unbuffer",
        "softlimit",
    ];

    // Run the command in their words, which is their second operand.
    private static readonly string[] WrappersWithOperand =
    [
        "gosu", "su-exec", "faketime", "timeout", "chrt", "taskset", "flock", "chroot", "setlock",
    ];

    // A user's or group's name, which these take as the next word, may be that of a program.
    private static readonly string[] NameOptions =
    [
        "-u", "-g", "-G", "--user", "--group", "--supp-group", "--reuid", "--regid", "--ruid", "--euid", "--rgid",
        "--egid",
    ];

    private static readonly string[] NameTakers =
        ["sudo", "doas", "runuser", "su", "setpriv", "env", "chpst", "start-stop-daemon"];

    private static readonly string[] SplitOptions = ["-S", "--split-string"];

    private static readonly string[] Shells =
        ["sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "su", "runuser", "flock", "script"];

    private static readonly string[] ShellWords = ["if", "then", "else", "elif", "do", "while", "until", "!", "{", "}"];

    /// <summary>Each command as its words, the program first.</summary>
    internal static IEnumerable<IReadOnlyList<string>> Of(UnitCommand command) =>
        command.Prefixes.IsScript
            ? Commands(string.Join(' ', command.Words)).SelectMany(c => Of(c, 1, []))
            : Of(command.Words, 0, []);

    /// <summary>The file name of a program.</summary>
    internal static string Name(string program) => program[(program.LastIndexOf('/') + 1)..];

    // Each list of words once: there are many ways to the same one.
    private static IEnumerable<IReadOnlyList<string>> Of(IReadOnlyList<string> words, int depth, HashSet<string> met)
    {
        if (depth > Deepest || !met.Add(string.Join('\0', words)))
        {
            yield break;
        }

        var starts = new Queue<int>([0]);
        var seen = new HashSet<int>();
        while (starts.TryDequeue(out var start))
        {
            if (start >= words.Count || !seen.Add(start))
            {
                continue;
            }

            var name = Name(words[start]);
            List<string> rest = [.. words.Skip(start)];
            foreach (var command in Texts(name, rest).SelectMany(t => Of(t, depth + 1, met)))
            {
                yield return command;
            }

            if (!IsWrapper(name))
            {
                yield return rest;
                continue;
            }

            foreach (var next in Starts(rest, WrappersWithOperand.Contains(name, StringComparer.Ordinal) ? 1 : 0))
            {
                starts.Enqueue(start + next);
            }
        }
    }

    // The dynamic linker runs what it is given, too (ld.so(8)).
    private static bool IsWrapper(string name) => Wrappers.Contains(name, StringComparer.Ordinal)
        || WrappersWithOperand.Contains(name, StringComparer.Ordinal)
        || name is "ld.so" || name.StartsWith("ld-linux", StringComparison.Ordinal)
        || name.StartsWith("ld-musl", StringComparison.Ordinal);

    // Where the command may begin: past options, with and without a value of their own, assignments, and as many
    // operands as the program has.
    private static SortedSet<int> Starts(List<string> words, int operands)
    {
        var found = new SortedSet<int>();
        var takesNames = NameTakers.Contains(Name(words[0]), StringComparer.Ordinal);
        var todo = new Stack<(int At, int Operands)>([(1, operands)]);
        var seen = new HashSet<(int At, int Operands)>();
        while (todo.TryPop(out var now))
        {
            if (now.At >= words.Count || !seen.Add(now))
            {
                continue;
            }

            var word = words[now.At];
            if (word is "--" or "" || IsAssignment(word))
            {
                todo.Push((now.At + 1, now.Operands));
            }
            else if (word[0] == '-')
            {
                if (!takesNames || !NameOptions.Contains(word, StringComparer.Ordinal))
                {
                    todo.Push((now.At + 1, now.Operands));
                }

                if (!word.Contains('=', StringComparison.Ordinal))
                {
                    todo.Push((now.At + 2, now.Operands));
                }
            }
            else if (now.Operands > 0)
            {
                todo.Push((now.At + 1, now.Operands - 1));
            }
            else
            {
                found.Add(now.At);
            }
        }

        return found;
    }

    // The commands of a script among the words: -c, also joined with other options as in -ec; and env's -S.
    private static IEnumerable<IReadOnlyList<string>> Texts(string name, List<string> words)
    {
        if (name == "env")
        {
            return Enumerable.Range(1, words.Count - 1).SelectMany(i => SplitStrings(words, i));
        }

        if (!Shells.Contains(name, StringComparer.Ordinal))
        {
            return [];
        }

        var at = words.FindIndex(
            1, w => w is "--command" || (w.Length > 1 && w[0] == '-' && w[1] != '-' && w.EndsWith('c')));
        if (at < 0 || at + 1 >= words.Count)
        {
            return words.Where(w => w.StartsWith("--command=", StringComparison.Ordinal))
                .SelectMany(w => Commands(w["--command=".Length..]));
        }

        // Its own words as "$@", behind a name or without.
        var arguments = words[at + 1].Contains('$', StringComparison.Ordinal)
            ? new[] { words[(at + 2)..], words[Math.Min(at + 3, words.Count)..] } : [];
        return Commands(words[at + 1]).Concat(arguments);
    }

    // env(1): the text is split into words, which stand before those behind it.
    private static IEnumerable<IReadOnlyList<string>> SplitStrings(List<string> words, int at)
    {
        foreach (var option in SplitOptions.Where(o => words[at].StartsWith(o, StringComparison.Ordinal)))
        {
            var joined = words[at][option.Length..];
            var (text, behind) = joined.Length > 0
                ? (joined.TrimStart('='), at + 1) : (words.ElementAtOrDefault(at + 1) ?? "", at + 2);
            yield return ["env", .. UnitWords.Split(text), .. words.Skip(behind)];
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Commands(string script) =>
        script.Split([';', '\n', '&', '|', '(', ')', '`'], StringSplitOptions.RemoveEmptyEntries)
            .Select(c => UnitWords.Split(c).SkipWhile(w => ShellWords.Contains(w, StringComparer.Ordinal) || IsAssignment(w)).ToList());

    private static bool IsAssignment(string word) => word.IndexOf('=', StringComparison.Ordinal) is var equals and > 0 && word[..equals].All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
