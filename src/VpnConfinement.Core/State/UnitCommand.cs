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
    public static IEnumerable<UnitCommand> Parse(string value) =>
        from command in Read(value)
        let script = command.Prefixes.Contains('|', StringComparison.Ordinal)
        let named = !script && command.Prefixes.Contains('@', StringComparison.Ordinal)
        let program = script && command.Program.Length == 0 ? (IEnumerable<string>)[] : [command.Program]
        select new UnitCommand(command.Prefixes, [.. program, .. command.Arguments.Skip(named ? 1 : 0).Select(w => w.Text)]);

    /// <summary>The same, with arguments as written. A semicolon separates commands only where it stands alone and bare.</summary>
    internal static IEnumerable<WrittenCommand> Read(string value)
    {
        IReadOnlyList<UnitWord> rest = UnitWords.Read(value);
        while (rest.Count > 0)
        {
            List<UnitWord> words = [.. rest.TakeWhile(w => w.Written != ";")];
            rest = [.. rest.Skip(words.Count + 1)];
            if (words.Count == 0)
            {
                continue;
            }

            var first = words[0].Text;
            var prefixes = new string([.. first.TakeWhile(c => c is '@' or '-' or ':' or '+' or '!' or '|')]);
            yield return new WrittenCommand(prefixes, first[prefixes.Length..], words[1..]);
        }
    }

    /// <summary>The command lines of one key of [Service].</summary>
    public static IEnumerable<UnitCommand> All(UnitSettings settings, string key) => All(settings, "Service", key);

    /// <summary>The command lines of one key.</summary>
    public static IEnumerable<UnitCommand> All(UnitSettings settings, string section, string key) =>
        settings.All(section, key).SelectMany(Parse);
}
