namespace VpnConfinement.State;

/// <summary>A command line of a unit (systemd.service(5) "Command lines").</summary>
/// <param name="Prefixes">The special characters before the program: <c>@ - : + ! |</c>.</param>
/// <param name="Words">Program and arguments, quotes undone.</param>
public sealed record UnitCommand(string Prefixes, IReadOnlyList<string> Words)
{
    /// <summary>Keys of [Service] that hold command lines.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost"];

    /// <summary>Reads the value of one such key. With <c>@</c> the second word is the name the program is given, which is left out.</summary>
    public static UnitCommand Parse(string value)
    {
        var prefixes = new string([.. value.TakeWhile(c => c is '@' or '-' or ':' or '+' or '!' or '|')]);
        var words = UnitWords.Split(value[prefixes.Length..]);
        return new UnitCommand(prefixes, prefixes.Contains('@', StringComparison.Ordinal) && words.Count > 1 ? [words[0], .. words.Skip(2)] : words);
    }

    /// <summary>The command lines of one key.</summary>
    public static IEnumerable<UnitCommand> All(UnitSettings settings, string key) => settings.All("Service", key).Select(Parse);
}
