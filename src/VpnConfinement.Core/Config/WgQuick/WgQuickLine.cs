namespace VpnConfinement.Config.WgQuick;

/// <summary>A line of a wg-quick file without its comment and the blanks around it.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Column">Where its text begins, from 1.</param>
/// <param name="Text">Its text; never empty.</param>
internal readonly record struct WgQuickLine(int Number, int Column, string Text)
{
    /// <summary>Whether it begins a section.</summary>
    internal bool IsSection => Text[0] == '[';

    /// <summary>The lines of a text that hold more than a comment.</summary>
    internal static IEnumerable<WgQuickLine> Of(string content)
    {
        var number = 0;
        foreach (var raw in content.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            var comment = raw.IndexOf('#', StringComparison.Ordinal);
            var line = (comment < 0 ? raw : raw[..comment]).TrimEnd();
            var text = line.TrimStart();
            if (text.Length > 0)
            {
                yield return new WgQuickLine(number, line.Length - text.Length + 1, text);
            }
        }
    }

    /// <summary>Reads <c>Key = Value</c>; false for anything else.</summary>
    internal bool TrySplit(out string key, out string value)
    {
        var equals = Text.IndexOf('=', StringComparison.Ordinal);
        key = equals > 0 ? Text[..equals].TrimEnd() : "";
        value = equals > 0 ? Text[(equals + 1)..].TrimStart() : "";
        return equals > 0;
    }
}
