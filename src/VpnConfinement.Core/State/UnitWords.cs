using System.Globalization;
using System.Text;
using VpnConfinement.Text;

namespace VpnConfinement.State;

/// <summary>Splits the value of a setting into words as systemd does (systemd.syntax(7) "Quoting"): quotes are taken off and C escapes undone.</summary>
public static class UnitWords
{
    /// <summary>The words. A quote that is never closed runs to the end, and an escape that is none stays as written.</summary>
    public static IReadOnlyList<string> Split(string value) => [.. Read(value).Select(w => w.Text)];

    /// <summary>The words, each with the text it was written as.</summary>
    internal static IReadOnlyList<UnitWord> Read(string value)
    {
        var words = new List<UnitWord>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = '\0';
        var start = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (!inWord)
            {
                start = i;
            }

            if (c == '\\' && i + 1 < value.Length)
            {
                i = Escape(value, i + 1, word);
                inWord = true;
            }
            else if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                inWord = true;
            }
            else if (quote == '\0' && c is ' ' or '\t' or '\n' or '\r')
            {
                Finish(i);
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        Finish(value.Length);
        return words;

        void Finish(int end)
        {
            if (inWord)
            {
                words.Add(new UnitWord(word.ToString(), value[start..end]));
            }

            word.Clear();
            inWord = false;
        }
    }

    // At the character after the backslash; gives back the index of the last character that belongs to the escape.
    private static int Escape(string value, int at, StringBuilder word)
    {
        var simple = value[at] switch
        {
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            's' => ' ',
            '\\' or '"' or '\'' => value[at],
            _ => '\0',
        };
        if (simple != '\0')
        {
            word.Append(simple);
            return at;
        }

        var digits = value[at] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && at + digits < value.Length && int.TryParse(value.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code) && code > 0)
        {
            word.Append(new Rune(code).ToString());
            return at + digits;
        }

        if (at + 2 < value.Length && OctalText.TryParse(value.AsSpan(at, 3), 255, out var octal) && octal > 0)
        {
            word.Append((char)octal);
            return at + 2;
        }

        word.Append('\\').Append(value[at]);
        return at;
    }
}
