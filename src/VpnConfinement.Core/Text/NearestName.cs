namespace VpnConfinement.Text;

/// <summary>The known name that a misspelled one probably means.</summary>
public static class NearestName
{
    /// <summary>The nearest of <paramref name="known"/>, or null when none is near: at most a third of the letters may differ, and at least one may.</summary>
    public static string? Of(string name, IEnumerable<string> known) =>
        known.Select(k => (Name: k, Distance: Distance(name, k)))
            .Where(k => k.Distance <= Math.Max(1, Math.Max(name.Length, k.Name.Length) / 3))
            .OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal)
            .Select(k => k.Name).FirstOrDefault();

    // Edits without regard to case; two neighbouring letters that changed places are one (optimal string alignment).
    private static int Distance(string a, string b)
    {
        if (a.Length > 64 || b.Length > 64)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        int[] above = [], twoAbove;
        for (var i = 1; i <= a.Length; i++)
        {
            (twoAbove, above, row) = (above, row, new int[b.Length + 1]);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var edit = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (IsSame(i, j) ? 0 : 1));
                var swaps = i > 1 && j > 1 && IsSame(i, j - 1) && IsSame(i - 1, j);
                row[j] = swaps ? Math.Min(edit, twoAbove[j - 2] + 1) : edit;
            }
        }

        return row[^1];

        bool IsSame(int i, int j) => char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
    }
}
