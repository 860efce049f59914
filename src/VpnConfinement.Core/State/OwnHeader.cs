namespace VpnConfinement.State;

/// <summary>The line by which files of ours are known.</summary>
public static class OwnHeader
{
    /// <summary>How it begins in every unit, drop-in and script.</summary>
    public const string Text = "# Made by vpn-confinement";

    /// <summary>Whether a text has it as its first line, or, in a script, after the interpreter's.</summary>
    public static bool IsIn(string content)
    {
        var lines = content.Split('\n', 3);
        var first = lines[0].StartsWith("#!", StringComparison.Ordinal) && lines.Length > 1 ? lines[1] : lines[0];
        return first.StartsWith(Text, StringComparison.Ordinal);
    }
}
