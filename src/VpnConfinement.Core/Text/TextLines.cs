using System.Text;

namespace VpnConfinement.Text;

/// <summary>Text in lines of a width in characters.</summary>
public static class TextLines
{
    /// <summary>Fills lines with the words of a text; a word that is longer than a line has one of its own.</summary>
    /// <param name="text">The text. Spaces and newlines part words; several in a row stay as spaces.</param>
    /// <param name="width">The width of a line in characters.</param>
    /// <param name="hanging">Spaces before each line but the first; they count.</param>
    /// <returns>The lines; at least one, which may be empty.</returns>
    public static IEnumerable<string> Wrap(string text, int width, int hanging = 0)
    {
        var margin = "";
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', '\n'))
        {
            if (line.Length > 0 && margin.Length + line.Length + 1 + word.Length > width)
            {
                yield return margin + line;
                line.Clear();
                margin = new string(' ', hanging);
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return margin + line;
    }
}
