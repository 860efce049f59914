using System.Text;

namespace VpnConfinement.Cli.Tests;

/// <summary>A line to type as a shell reads it, as far as examples go: quotes, pipes, redirections, lists.</summary>
internal static class ExampleLine
{
    private static readonly string[] Ends = ["|", "&&", ">", "<", ";"];

    /// <summary>The arguments of each call of the program on the line.</summary>
    internal static IReadOnlyList<string[]> Commands(string line)
    {
        var words =
            Words(line.Replace("<(", "; ", StringComparison.Ordinal).Replace(")", " ;", StringComparison.Ordinal));
        return [.. words.Index().Where(w => w.Item == "vpn-confinement")
            .Select(w => words.Skip(w.Index + 1).TakeWhile(x => !Ends.Contains(x)).ToArray())];
    }

    private static List<string> Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        foreach (var c in line + " ")
        {
            if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && c is '\'' or '"')
            {
                quote = c;
            }
            else if (quote is null && c == ' ')
            {
                if (word.Length > 0)
                {
                    words.Add(word.ToString());
                }

                word.Clear();
            }
            else
            {
                word.Append(c);
            }
        }

        return words;
    }
}
