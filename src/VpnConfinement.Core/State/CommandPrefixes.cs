namespace VpnConfinement.State;

/// <summary>The special characters before the program of a command (systemd.service(5), "Command lines").</summary>
/// <param name="Text">As written: some of <c>@ - : + ! |</c>.</param>
public readonly record struct CommandPrefixes(string Text)
{
    private const string All = "@-:+!|";

    /// <summary>Those at the beginning of a command's first word.</summary>
    internal static CommandPrefixes Of(string word) =>
        new(new string([.. word.TakeWhile(c => All.Contains(c, StringComparison.Ordinal))]));

    /// <summary>Whether systemd gives the words to the shell of the service's user, as one script (258 and later).</summary>
    public bool IsScript => Has('|');

    /// <summary>Whether the word after the program is the name that it is given. A script has none.</summary>
    public bool HasName => Has('@') && !IsScript;

    /// <summary>Whether variables in the words stay as they are.</summary>
    public bool KeepsVariables => Has(':');

    /// <summary>Whether it runs with full privileges, outside the service's sandbox.</summary>
    public bool IsPrivileged => Has('+');

    /// <summary>
    /// Whether it runs as the manager's user. Two exclamation marks do so only without ambient capabilities, which
    /// every kernel of ours has.
    /// </summary>
    public bool RunsAsRoot => Text.Count(c => c == '!') == 1;

    /// <summary>Those by which it may have more rights than the service.</summary>
    internal IEnumerable<char> Elevating => Text.Where(c => c is '+' or '!');

    /// <summary>The same for a program that takes the name as an argument.</summary>
    internal CommandPrefixes WithoutName => new(Text.Replace("@", "", StringComparison.Ordinal));

    /// <summary>The same with full privileges, which the marks for other users would contradict.</summary>
    internal CommandPrefixes Privileged =>
        IsPrivileged ? this : new CommandPrefixes("+" + Text.Replace("!", "", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => Text;

    private bool Has(char prefix) => Text.Contains(prefix, StringComparison.Ordinal);
}
