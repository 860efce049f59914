namespace VpnConfinement.Diagnostics;

/// <summary>
/// Reads docs/diagnostics.md, the one declaration of what each code means. The page has a table of the codes and a
/// section <c>### CODE</c> for each: <c>Why:</c>, <c>Cure:</c>, blocks of files, and a block of what is said.
/// </summary>
public static class CodePage
{
    private const string Fence = "```";
    private const string Heading = "### ";
    private const string Row = "| ";
    private const int Columns = 4;

    /// <summary>Reads the page.</summary>
    /// <returns>The codes in the order of the table.</returns>
    /// <exception cref="FormatException">The page is not of this form.</exception>
    public static IReadOnlyList<CodeEntry> Read(string page)
    {
        var sections = Sections(page.Split('\n'));
        return [.. Rows(page.Split('\n')).Select(row => Entry(row, sections))];
    }

    private static CodeEntry Entry(string[] row, Dictionary<string, List<string>> sections)
    {
        var code = row[0];
        if (!sections.TryGetValue(code, out var lines))
        {
            throw new FormatException($"{code} has no section");
        }

        var blocks = Blocks(lines);
        var prose = Prose(lines);
        return new CodeEntry(
            code,
            row[1],
            Plain(row[2]),
            Plain(row[3]),
            Paragraph(prose, "Why: ") ?? throw new FormatException($"{code} has no 'Why:'"),
            Paragraph(prose, "Cure: ") ?? throw new FormatException($"{code} has no 'Cure:'"),
            [.. blocks.Where(b => b.Name != "text").Select(b => new CodeExampleFile(FileName(b.Name), b.Text))],
            [.. prose.Where(IsOfHost).Select(Plain)],
            blocks.SingleOrDefault(b => b.Name == "text").Text ?? throw new FormatException($"{code} has no 'text'"));
    }

    // 'toml' and 'json' alone are the configuration itself.
    private static string FileName(string info) =>
        info.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var space ? info[(space + 1)..] : "config." + info;

    // 'Beside it: VPC016.' is for the test of the page.
    private static bool IsOfHost(string paragraph) =>
        !paragraph.StartsWith("Why: ", StringComparison.Ordinal)
        && !paragraph.StartsWith("Cure: ", StringComparison.Ordinal)
        && !paragraph.StartsWith("Beside it: ", StringComparison.Ordinal);

    private static string? Paragraph(IReadOnlyList<string> prose, string mark) =>
        prose.FirstOrDefault(p => p.StartsWith(mark, StringComparison.Ordinal)) is { } found
        ? Plain(found[mark.Length..])
        : null;

    private static IEnumerable<string[]> Rows(IEnumerable<string> lines) =>
        from line in lines.TakeWhile(l => !l.StartsWith(Heading, StringComparison.Ordinal))
        where line.StartsWith(Row, StringComparison.Ordinal)
        let cells = Cells(line)
        where cells.Length == Columns && cells[0].Length > 0 && cells[0] is not ("code" or "---")
        select cells;

    // A bar inside a cell has a backslash before it.
    private static string[] Cells(string line) =>
        [.. line.Trim('|', ' ').Replace("\\|", "\0", StringComparison.Ordinal).Split('|')
            .Select(c => c.Trim().Replace('\0', '|'))];

    private static Dictionary<string, List<string>> Sections(IEnumerable<string> lines)
    {
        var sections = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string>? section = null;
        foreach (var line in lines)
        {
            if (line.StartsWith(Heading, StringComparison.Ordinal))
            {
                sections.Add(line[Heading.Length..], section = []);
            }
            else
            {
                section?.Add(line);
            }
        }

        return sections;
    }

    private static List<(string Name, string Text)> Blocks(List<string> lines)
    {
        var blocks = new List<(string Name, string Text)>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                var end = lines.IndexOf(Fence, i + 1);
                if (end < 0)
                {
                    throw new FormatException($"the block '{lines[i]}' has no end");
                }

                blocks.Add((lines[i][Fence.Length..], string.Concat(lines[(i + 1)..end].Select(l => l + "\n"))));
                i = end;
            }
        }

        return blocks;
    }

    // The paragraphs outside the blocks, each as one line.
    private static List<string> Prose(List<string> lines)
    {
        var paragraphs = new List<string>();
        var isBlock = false;
        var goesOn = false;
        foreach (var line in lines)
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                isBlock = !isBlock;
                goesOn = false;
            }
            else if (!isBlock && line.Length > 0)
            {
                if (goesOn)
                {
                    paragraphs[^1] += " " + line;
                }
                else
                {
                    paragraphs.Add(line);
                }

                goesOn = true;
            }
            else
            {
                goesOn = false;
            }
        }

        return paragraphs;
    }

    private static string Plain(string markdown) => markdown.Replace('`', '\'');
}
