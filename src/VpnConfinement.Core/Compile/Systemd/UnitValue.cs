using System.Text;

namespace VpnConfinement.Compile.Systemd;

/// <summary>Values as unit files write them (systemd.syntax(7), systemd.service(5) "Command lines").</summary>
public static class UnitValue
{
    /// <summary>A word that means itself: <c>%</c> doubled, so that it is no specifier; quoted where it has spaces, quotes or backslashes.</summary>
    public static string Literal(string word) => WithSpecifiers(word.Replace("%", "%%", StringComparison.Ordinal));

    /// <summary>A word of a unit's own, whose specifiers stay specifiers; quoted as <see cref="Literal"/> is.</summary>
    public static string WithSpecifiers(string word) =>
        word.Any(c => c is ' ' or '"' or '\'' or '\\' or ';') || word.Length == 0 ? QuoteWord(word) : word;

    /// <summary>The program of a command line: as <see cref="Literal"/>, and <c>$</c> doubled, so that it is no variable.</summary>
    public static string Quote(string program) => Literal(program).Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>A word whose specifiers stay specifiers, quoted, with control characters as C escapes, so that it stays on one line.</summary>
    internal static string Escaped(string word) =>
        string.Concat(QuoteWord(word).Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));

    private static string QuoteWord(string word)
    {
        var text = new StringBuilder("\"");
        foreach (var c in word)
        {
            if (c is '"' or '\\')
            {
                text.Append('\\');
            }

            text.Append(c);
        }

        return text.Append('"').ToString();
    }
}
