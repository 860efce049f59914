using System.Globalization;
using System.Text;
using VpnConfinement.Text;

namespace VpnConfinement.Graph;

/// <summary>Boxes, lines of text and arrows of an SVG 1.1 picture. Lengths are pixels. All text is escaped.</summary>
internal sealed class SvgDocument
{
    /// <summary>Width of a character of the monospaced font: 0.602 em of 12 px, rounded up.</summary>
    internal const double CharacterWidth = 7.3;

    /// <summary>Height of a line of text.</summary>
    internal const int LineHeight = 18;

    private const int Baseline = 13;

    private readonly StringBuilder _shapes = new();

    /// <summary>Draws a box with lines of text from its upper left corner on.</summary>
    /// <param name="area">Where.</param>
    /// <param name="kind">Its class in the style sheet.</param>
    /// <param name="lines">The text.</param>
    /// <param name="title">What it is called where its text is cut.</param>
    internal void Box(SvgArea area, string kind, IReadOnlyList<string> lines, string? title = null)
    {
        _shapes.Append(CultureInfo.InvariantCulture,
            $"<g class=\"{kind}\">{(title is null ? "" : $"<title>{Escape(title)}</title>")}"
            + $"<rect x=\"{area.X}\" y=\"{area.Y}\" width=\"{area.Width}\" height=\"{area.Height}\"/>");
        for (var i = 0; i < lines.Count; i++)
        {
            _shapes.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{area.X + SvgArea.Padding}\" "
                + $"y=\"{area.Y + SvgArea.Padding / 2 + i * LineHeight + Baseline}\">"
                + $"{Escape(lines[i])}</text>");
        }

        _shapes.Append("</g>\n");
    }

    /// <summary>Draws an arrow.</summary>
    internal void Arrow(int x1, int y1, int x2, int y2, string kind) => _shapes.Append(
        CultureInfo.InvariantCulture,
        $"<line class=\"{kind}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" marker-end=\"url(#tip)\"/>\n");

    /// <summary>The picture, which ends in a newline.</summary>
    internal string Text(int width, int height, string title) => string.Create(CultureInfo.InvariantCulture, $$"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{{width}}" height="{{height}}"
            viewBox="0 0 {{width}} {{height}}" role="img">
        <title>{{Escape(title)}}</title>
        <style>
        text { font: 12px "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace; white-space: pre; }
        text { fill: #1b1f24; }
        rect { rx: 4px; stroke-width: 1px; }
        .host rect { fill: #f6f8fa; stroke: #57606a; }
        .caller rect { fill: #ffffff; stroke: #57606a; }
        .namespace rect { fill: #ddf4ff; stroke: #0969da; stroke-width: 2px; }
        .unit rect { fill: #ffffff; stroke: #0969da; }
        .socket rect { fill: #ffffff; stroke: #0969da; stroke-dasharray: 4 2; }
        .tunnel rect { fill: #dafbe1; stroke: #1a7f37; stroke-width: 2px; }
        .peer rect { fill: #fff8c5; stroke: #9a6700; }
        .pass { stroke: #57606a; stroke-width: 1.5px; }
        .wireguard { stroke: #1a7f37; stroke-width: 2.5px; }
        </style>
        <defs>
        <marker id="tip" markerUnits="userSpaceOnUse" markerWidth="10" markerHeight="8" refX="10" refY="4"
            orient="auto">
        <path d="M0,0 L10,4 L0,8 z" fill="#57606a"/>
        </marker>
        </defs>
        <rect width="{{width}}" height="{{height}}" fill="#ffffff"/>

        """) + _shapes + "</svg>\n";

    /// <summary>How wide a text is; characters beyond ASCII count twice.</summary>
    internal static int WidthOf(string text) =>
        (int)Math.Ceiling(text.EnumerateRunes().Sum(r => r.IsAscii ? 1 : 2) * CharacterWidth);

    // XML 1.0 has no other characters than these (section 2.2); an unpaired surrogate is U+FFFD by now.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var rune in Visible.Line(text).EnumerateRunes())
        {
            escaped.Append(rune.Value switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                0xfffe or 0xffff => "\ufffd",
                _ => rune.ToString(),
            });
        }

        return escaped.ToString();
    }
}
