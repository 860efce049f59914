namespace VpnConfinement.State;

/// <summary>A command line of a unit (systemd.service(5) "Command lines").</summary>
/// <param name="Prefixes">The special characters before the program.</param>
/// <param name="Words">Program and arguments, quotes undone.</param>
public sealed record UnitCommand(CommandPrefixes Prefixes, IReadOnlyList<string> Words)
{
    /// <summary>Keys of [Service] that hold command lines.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        ["ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecReloadPost", "ExecStop", "ExecStopPost"];

    /// <summary>Keys of [Socket] that hold command lines.</summary>
    public static IReadOnlyList<string> SocketKeys { get; } = ["ExecStartPre", "ExecStartPost", "ExecStopPre", "ExecStopPost"];

    /// <summary>
    /// Reads the value of one such key: commands with a semicolon between them. Quotes and escapes are undone before the prefixes are looked for, as
    /// systemd does it. With <c>@</c> the second word is the name the program is given, which is left out; with <c>|</c> there is none.
    /// </summary>
    public static IEnumerable<UnitCommand> Parse(string value) =>
        from command in Read(value)
        let isBare = command.Prefixes.IsScript && command.Program.Length == 0
        let program = isBare ? (IEnumerable<string>)[] : [command.Program]
        let arguments = command.Arguments.Skip(command.Prefixes.HasName ? 1 : 0).Select(w => w.Text)
        select new UnitCommand(command.Prefixes, [.. program, .. arguments]);

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
            var prefixes = CommandPrefixes.Of(first);
            yield return new WrittenCommand(prefixes, first[prefixes.Text.Length..], words[1..]);
        }
    }

    /// <summary>The command lines of one key of [Service].</summary>
    public static IEnumerable<UnitCommand> All(UnitSettings settings, string key) => All(settings, "Service", key);

    /// <summary>The command lines of one key.</summary>
    public static IEnumerable<UnitCommand> All(UnitSettings settings, string section, string key) =>
        settings.All(section, key).SelectMany(Parse);
}
