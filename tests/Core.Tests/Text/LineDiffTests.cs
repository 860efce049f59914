using CsCheck;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Text;

public sealed class LineDiffTests
{
    [Theory]
    [InlineData("a\n", "a\n", "")]
    [InlineData("", "a\n", "@@ -0,0 +1,1 @@\n+a\n")]
    [InlineData("a\n", "", "@@ -1,1 +0,0 @@\n-a\n")]
    [InlineData("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nx\n6\n", "@@ -2,5 +2,5 @@\n 2\n 3\n 4\n-5\n+x\n 6\n")]
    [InlineData("a\n", "a", "@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n")]
    [InlineData("a\r\n", "a\n", "@@ -1,1 +1,1 @@\n-a\r\n+a\n")]
    [InlineData(" a\n", "a\n", "@@ -1,1 +1,1 @@\n- a\n+a\n")]
    [InlineData("A\n", "a\n", "@@ -1,1 +1,1 @@\n-A\n+a\n")]
    public void Lines_that_differ_are_shown_with_what_is_around_them(string before, string after, string expected) => Assert.Equal(expected, LineDiff.Unified(before, after));

    [Fact]
    public void Changes_that_are_far_apart_are_hunks_of_their_own()
    {
        var before = string.Concat(Enumerable.Range(1, 30).Select(i => $"{i}\n"));
        var after = before.Replace("\n5\n", "\nfive\nmore\n", StringComparison.Ordinal).Replace("\n25\n", "\n", StringComparison.Ordinal);
        Assert.Equal(
            "@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+more\n 6\n 7\n 8\n@@ -22,7 +23,6 @@\n 22\n 23\n 24\n-25\n 26\n 27\n 28\n",
            LineDiff.Unified(before, after));
    }

    [Fact]
    public void It_says_exactly_what_has_to_be_done()
    {
        string[] pieces = ["a\n", "b\n", "c\n", "a", "\n", "a\r\n"];
        var text = Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[0, 40].Select(string.Concat);
        Gen.Select(text, text).Sample((before, after) => Patch(before, LineDiff.Unified(before, after)) == after);
    }

    [Fact]
    public void Ten_thousand_lines_take_no_time()
    {
        var before = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"10.{i / 256}.{i % 256}.0/24,\n"));
        var diff = LineDiff.Unified(before, before.Replace("10.1.1.0", "10.99.1.0", StringComparison.Ordinal).Replace("10.20.1.0", "10.99.2.0", StringComparison.Ordinal));
        Assert.Equal(18, diff.Count(c => c == '\n'));
    }

    // patch(1) for what is exact.
    private static string Patch(string before, string diff)
    {
        var lines = Split(before);
        var after = new List<string>();
        var at = 0;
        var hunks = Split(diff);
        for (var i = 0; i < hunks.Count; i++)
        {
            var bare = i + 1 < hunks.Count && hunks[i + 1].StartsWith('\\') ? hunks[i][1..^1] : hunks[i][1..];
            switch (hunks[i][0])
            {
                case '@':
                    var range = hunks[i].Split(' ')[1][1..].Split(',');
                    var start = int.Parse(range[0], System.Globalization.CultureInfo.InvariantCulture) - (range[1] == "0" ? 0 : 1);
                    after.AddRange(lines[at..start]);
                    at = start;
                    break;
                case '+':
                    after.Add(bare);
                    break;
                case ' ' or '-':
                    Assert.Equal(lines[at], bare);
                    if (hunks[i][0] == ' ')
                    {
                        after.Add(lines[at]);
                    }

                    at++;
                    break;
            }
        }

        return string.Concat(after.Concat(lines[at..]));
    }

    private static List<string> Split(string text)
    {
        var lines = text.Split('\n').Select(l => l + "\n").ToList();
        lines[^1] = lines[^1][..^1];
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
