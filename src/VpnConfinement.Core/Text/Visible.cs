using System.Globalization;
using System.Text;

namespace VpnConfinement.Text;

/// <summary>Foreign text made fit for a terminal and a sentence: control characters shown as escapes, long text cut.</summary>
public static class Visible
{
    private const int MaxLength = 80;

    /// <summary>The text with control and format characters as <c>\u001b</c>, at most 80 characters.</summary>
    public static string Text(string text) => Escaped(text, MaxLength);

    /// <summary>The same, however long.</summary>
    public static string Line(string text) => text.All(IsPlain) ? text : Escaped(text, int.MaxValue);

    /// <summary>Whether a character can be printed as it is.</summary>
    internal static bool IsPlain(char c) =>
        char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Escaped(string text, int maxLength)
    {
        var visible = new StringBuilder();
        foreach (var c in text)
        {
            if (visible.Length >= maxLength)
            {
                return visible.Append('…').ToString();
            }

            if (IsPlain(c))
            {
                visible.Append(c);
            }
            else
            {
                visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
        }

        return visible.ToString();
    }
}
