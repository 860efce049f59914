using System.Globalization;
using System.Text;
using DiffPlex;

namespace VpnConfinement.Text;

/// <summary>The difference between two texts, line by line, in the unified format of diff(1).</summary>
public static class LineDiff
{
    private const int Context = 3;
    private const string NoNewline = "\\ No newline at end of file\n";

    /// <summary>The hunks, each line ended by <c>\n</c>; empty where the texts are the same. No blank, case or line end is passed over.</summary>
    public static string Unified(string before, string after)
    {
        // The chunker is ours, so that a carriage return and a missing last newline are differences.
        var diff = Differ.Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, new KeepingLineEnds());
        var text = new StringBuilder();
        var blocks = diff.DiffBlocks.Select(b => new Block(b.DeleteStartA, b.DeleteCountA, b.InsertStartB, b.InsertCountB)).ToList();
        for (var first = 0; first < blocks.Count;)
        {
            var last = first;
            while (last + 1 < blocks.Count && blocks[last + 1].BeforeStart - blocks[last].BeforeEnd <= 2 * Context)
            {
                last++;
            }

            Hunk(text, diff.PiecesOld, diff.PiecesNew, blocks[first..(last + 1)]);
            first = last + 1;
        }

        return text.ToString();
    }

    private static void Hunk(StringBuilder text, IReadOnlyList<string> before, IReadOnlyList<string> after, List<Block> blocks)
    {
        var start = Math.Max(0, blocks[0].BeforeStart - Context);
        var end = Math.Min(before.Count, blocks[^1].BeforeEnd + Context);
        var shift = blocks[0].AfterStart - blocks[0].BeforeStart;
        var added = blocks.Sum(b => b.AfterCount - b.BeforeCount);
        text.Append(CultureInfo.InvariantCulture, $"@@ -{Range(start, end - start)} +{Range(start + shift, end - start + added)} @@\n");
        var at = start;
        foreach (var block in blocks)
        {
            Lines(text, ' ', before, at, block.BeforeStart);
            Lines(text, '-', before, block.BeforeStart, block.BeforeEnd);
            Lines(text, '+', after, block.AfterStart, block.AfterStart + block.AfterCount);
            at = block.BeforeEnd;
        }

        Lines(text, ' ', before, at, end);
    }

    // A range without lines is named by the line before it.
    private static string Range(int start, int count) => string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? start : start + 1)},{count}");

    private static void Lines(StringBuilder text, char mark, IReadOnlyList<string> lines, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var ended = lines[i].EndsWith('\n');
            text.Append(mark).Append(lines[i]).Append(ended ? "" : "\n" + NoNewline);
        }
    }

    private readonly record struct Block(int BeforeStart, int BeforeCount, int AfterStart, int AfterCount)
    {
        internal int BeforeEnd => BeforeStart + BeforeCount;
    }

    private sealed class KeepingLineEnds : IChunker
    {
        public IReadOnlyList<string> Chunk(string text)
        {
            var lines = new List<string>();
            for (var start = 0; start < text.Length;)
            {
                var end = text.IndexOf('\n', start) is var newline and >= 0 ? newline + 1 : text.Length;
                lines.Add(text[start..end]);
                start = end;
            }

            return lines;
        }
    }
}
