namespace VpnConfinement.State;

/// <summary>
/// The commands that systemd has loaded for a confined service: each has to begin with the look from inside (S-27).
/// </summary>
internal static class LoadedCommands
{
    /// <summary>The properties to ask systemd for; those that it does not know are left out of its answer.</summary>
    internal static IReadOnlyList<string> Properties { get; } = [.. UnitCommand.Keys.Select(k => k + "Ex")];

    /// <summary>
    /// The first command that would run without a look, as a sentence without its end; null where there is none.
    /// </summary>
    /// <param name="gate">The command that looks, as words, specifiers expanded.</param>
    /// <param name="loaded">What systemd says.</param>
    /// <remarks>A unit that is loaded has a command. None at all means that systemd did not say.</remarks>
    internal static string? WithoutLook(IReadOnlyList<string> gate, IReadOnlyDictionary<string, string> loaded)
    {
        var commands = from key in UnitCommand.Keys
                       from command in Lines(loaded.GetValueOrDefault(key + "Ex") ?? "")
                       select (Key: key, Command: command);
        var all = commands.ToList();
        const string Because = "which runs without the start gate's look from inside";
        return all.Count == 0
            ? "systemd names no command of it"
            : all.Where(c => !Looks(gate, c.Command)).Select(c => $"its {c.Key} is '{Shown(c.Command)}', {Because}")
                .FirstOrDefault();
    }

    // systemd shows "{ path=P ; argv[]=P A B ; flags= ; start_time=... }", a line for each command.
    private static string[] Lines(string property) => property.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static bool Looks(IReadOnlyList<string> gate, string command)
    {
        // Outside the sandbox there is nothing but the namespace to look at.
        var words = IsPrivileged(command) ? gate.Take(3) : gate;
        var wanted = $"{{ path={gate[0]} ; argv[]={string.Join(' ', words)} ";
        if (!command.StartsWith(wanted, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = command[wanted.Length..];
        foreach (var option in new[] { GateWords.SearchPath, GateWords.DefaultPipeSignal })
        {
            if (rest.StartsWith(option, StringComparison.Ordinal)
                && rest.IndexOf(' ', StringComparison.Ordinal) is var end and > 0)
            {
                rest = rest[(end + 1)..];
            }
        }

        return rest.StartsWith(GateWords.ProgramFollows + " ", StringComparison.Ordinal)
            || rest.StartsWith(GateWords.NamedProgramFollows + " ", StringComparison.Ordinal);
    }

    // What follows the flags is systemd's own, so the last of them is no word of the command.
    private static bool IsPrivileged(string command) =>
        command.LastIndexOf(" ; flags=", StringComparison.Ordinal) is var at and >= 0
        && command[(at + " ; flags=".Length)..].Split(" ;")[0].Split(' ').Contains("privileged", StringComparer.Ordinal);

    private static string Shown(string command) =>
        command.LastIndexOf(" ; flags=", StringComparison.Ordinal) is var end and > 0
        && command.IndexOf("argv[]=", StringComparison.Ordinal) is var start and > 0 && start < end
            ? command[(start + "argv[]=".Length)..end]
            : command;
}
