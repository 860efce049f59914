using System.Text;

namespace VpnConfinement.Fuzz;

/// <summary>Makes a text from others.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<string> words)
{
    private const int MaxLength = 1 << 16;

    internal string Mutate(IReadOnlyList<string> corpus, IReadOnlyList<string> accepted)
    {
        var from = accepted.Count > 0 && random.Next(3) > 0 ? accepted : corpus;
        var text = random.Next(20) == 0 ? Noise() : from[random.Next(from.Count)];
        for (var edits = random.Next(2) == 0 ? 1 : 1 + random.Next(1 << random.Next(5)); edits > 0; edits--)
        {
            text = Edit(text, corpus);
        }

        return text.Length > MaxLength ? text[..MaxLength] : text;
    }

    private string Edit(string text, IReadOnlyList<string> corpus)
    {
        var from = random.Next(text.Length + 1);
        var length = Math.Min(text.Length - from, random.Next(1 << random.Next(8)));
        switch (random.Next(10))
        {
            case 0:
                return text.Remove(from, length);
            case 1:
                return text.Insert(from, Word());
            case 2:
                return text.Remove(from, length).Insert(from, Word());
            case 3:
                return text.Insert(from, text.Substring(from, length));
            case 4:
                return text.Insert(from, new StringBuilder().Insert(0, length == 0 ? Word() : text.Substring(from, Math.Min(length, 8)), 1 + random.Next(100)).ToString());
            case 5:
                return text.Insert(from, ((char)random.Next(random.Next(2) == 0 ? 128 : 65536)).ToString());
            case 6:
                var other = corpus[random.Next(corpus.Count)];
                var cut = random.Next(other.Length + 1);
                return text[..from] + other[cut..];
            case 7:
                return SwapValue(text);
            case 8:
                return MoveLine(text);
            default:
                return text[..from] + text[(from + Math.Min(1, text.Length - from))..];
        }
    }

    // A whole value or word is replaced, which keeps most texts readable.
    private string SwapValue(string text)
    {
        var starts = Enumerable.Range(0, text.Length).Where(i => char.IsLetterOrDigit(text[i]) && (i == 0 || !IsWord(text[i - 1]))).ToList();
        if (starts.Count == 0)
        {
            return Word();
        }

        var start = starts[random.Next(starts.Count)];
        var end = start;
        while (end < text.Length && IsWord(text[end]))
        {
            end++;
        }

        return text[..start] + Word() + text[end..];
    }

    private string MoveLine(string text)
    {
        var lines = text.Split('\n').ToList();
        var line = lines[random.Next(lines.Count)];
        if (random.Next(2) == 0)
        {
            lines.Remove(line);
        }

        lines.Insert(random.Next(lines.Count + 1), line);
        return string.Join('\n', lines);
    }

    private string Noise() => string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(3) == 0 ? ((char)random.Next(32, 127)).ToString() : Word()));

    private string Word() => words[random.Next(words.Count)];

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '.' or ':' or '/' or '_' or '-' or '+' or '=' or '[' or ']';
}
