namespace VpnConfinement.State;

/// <summary>A command line of a unit (systemd.service(5) "Command lines").</summary>
/// <param name="Prefixes">The special characters before the program: <c>@ - : + ! |</c>.</param>
/// <param name="Words">Program and arguments, quotes undone.</param>
public sealed record UnitCommand(string Prefixes, IReadOnlyList<string> Words)
{
    /// <summary>Keys of [Service] that hold command lines.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        ["ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecReloadPost", "ExecStop", "ExecStopPost"];

    /// <summary>Keys of [Socket] that hold command lines.</summary>
    public static IReadOnlyList<string> SocketKeys { get; } = ["ExecStartPre", "ExecStartPost", "ExecStopPre", "ExecStopPost"];

    /// <summary>Whether systemd gives its words to the shell of the service's user, as one script (systemd 258 and later).</summary>
    public bool IsScript => Prefixes.Contains('|', StringComparison.Ordinal);

    /// <summary>
    /// Reads the value of one such key: commands with a semicolon between them. Quotes and escapes are undone before the prefixes are looked for, as
    /// systemd does it. With <c>@</c> the second word is the name the program is given, which is left out; with <c>|</c> there is none.
    /// </summary>
    public static IEnumerable<UnitCommand> Parse(string value)
    {
        IReadOnlyList<string> rest = UnitWords.Split(value);
        while (rest.Count > 0)
        {
            List<string> words = [.. rest.TakeWhile(w => w != ";")];
            rest = [.. rest.Skip(words.Count + 1)];
            if (words.Count == 0)
            {
                continue;
            }

            var prefixes = new string([.. words[0].TakeWhile(c => c is '@' or '-' or ':' or '+' or '!' or '|')]);
            words[0] = words[0][prefixes.Length..];
            var script = prefixes.Contains('|', StringComparison.Ordinal);
            if (script && words[0].Length == 0)
            {
                words.RemoveAt(0);
            }
            else if (!script && prefixes.Contains('@', StringComparison.Ordinal) && words.Count > 1)
            {
                words.RemoveAt(1);
            }

            yield return new UnitCommand(prefixes, words);
        }
    }

    /// <summary>The command lines of one key of [Service].</summary>
    public static IEnumerable<UnitCommand> All(UnitSettings settings, string key) => All(settings, "Service", key);

    /// <summary>The command lines of one key.</summary>
    public static IEnumerable<UnitCommand> All(UnitSettings settings, string section, string key) =>
        settings.All(section, key).SelectMany(Parse);
}
