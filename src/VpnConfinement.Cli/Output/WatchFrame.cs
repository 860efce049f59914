using System.Text;

namespace VpnConfinement.Cli.Output;

/// <summary>The bytes that redraw a screen in place (ECMA-48, and xterm's private modes).</summary>
internal static class WatchFrame
{
    /// <summary>Takes the alternate screen and hides the cursor.</summary>
    internal const string Enter = "\e[?1049h\e[?25l\e[2J";

    /// <summary>Gives both back.</summary>
    internal const string Leave = "\e[?25h\e[?1049l";

    // The terminal shows all of it at once, where it knows how (mode 2026); others take no notice.
    private const string Begin = "\e[?2026h\e[H";
    private const string End = "\e[J\e[?2026l";
    private const string ClearToEndOfLine = "\e[K";

    /// <summary>
    /// A frame. Each line replaces the one that stood there, and no part of the screen is blank meanwhile.
    /// </summary>
    /// <param name="lines">The lines.</param>
    /// <param name="height">Rows of the screen.</param>
    internal static string Of(IReadOnlyList<string> lines, int height)
    {
        var shown = Fit(lines, height);
        var frame = new StringBuilder(Begin);
        for (var i = 0; i < shown.Count; i++)
        {
            frame.Append(i == 0 ? "" : "\r\n").Append(shown[i]).Append(ClearToEndOfLine);
        }

        return frame.Append(End).ToString();
    }

    /// <summary>The lines that a screen has room for; the last one says how many it has not.</summary>
    internal static IReadOnlyList<string> Fit(IReadOnlyList<string> lines, int height) =>
        lines.Count <= height || height < 1 ? lines
        : [.. lines.Take(height - 1), $"({lines.Count - height + 1} more lines)"];
}
