namespace VpnConfinement.Cli.Help;

/// <summary>One row of a list in a help or a manual page.</summary>
/// <param name="Names">What to type: a command, an argument, or an option with its other names and its value.</param>
/// <param name="Text">What it is.</param>
internal sealed record HelpEntry(string Names, string Text);
