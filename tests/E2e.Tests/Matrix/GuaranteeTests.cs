using System.Text.RegularExpressions;
using VpnConfinement.Lab.Matrix;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests.Matrix;

/// <summary>docs/security.md and the tests that cite its guarantees say the same: neither names what the other does not know of.</summary>
public sealed partial class GuaranteeTests
{
    private const string MatrixHead = "| id | kinds of traffic | states |\n| --- | --- | --- |\n";

    private static readonly string Repository = FindRepository();
    private static readonly string PagePath = $"{Repository}/docs/security.md";
    private static readonly string Page = File.ReadAllText(PagePath);

    private static readonly List<(string Id, string Proofs)> Guarantees =
        [.. Row().Matches(Page.Split(MatrixHead)[0]).Select(row => (row.Groups["id"].Value, row.Groups["proofs"].Value))];

    private static IEnumerable<(string Name, string Ids)> Cases => TrafficKinds.All.Select(kind => (kind.Id, kind.Guarantees)).Concat(LeakStates.All.Select(state => (state.Id, state.Guarantees)));

    [Fact]
    public void Ids_are_numbered_without_a_gap_and_each_is_proven() =>
        Assert.Equal(Enumerable.Range(1, Guarantees.Count).Select(n => $"S-{n}"), Guarantees.Where(row => Proof().IsMatch(row.Proofs)).Select(row => row.Id));

    [Fact]
    public void Each_test_class_cites_the_guarantees_that_name_it_and_no_other()
    {
        var named = Guarantees.SelectMany(row => TestClass().Matches(row.Proofs).Select(name => $"{name.Groups[1].Value} {row.Id}"));
        var cited = Directory.EnumerateFiles($"{Repository}/tests", "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => CitingClass().Matches(File.ReadAllText(file))).SelectMany(one => one.Groups["ids"].Value.Split(' ').Select(id => $"{one.Groups["name"].Value} {id}"));
        Assert.Equal(named.Distinct().Order(StringComparer.Ordinal), cited.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_scenario_step_that_is_named_exists() =>
        Assert.All(Guarantees.SelectMany(row => StepName().Matches(row.Proofs).Select(name => name.Groups[1].Value)), name => Assert.Contains(name, Scenario.StepIds));

    [Fact]
    public void Each_row_and_column_of_the_leak_matrix_cites_guarantees_that_exist_and_stands_in_their_lines()
    {
        Assert.Equal(Cases.Count(), Cases.Select(one => one.Name).Distinct().Count());
        Assert.All(Cases, one => Assert.All(one.Ids.Split(' '), id => Assert.Contains(id, Guarantees.Select(row => row.Id))));
        var expected = Guarantees.Select(row => $"| {row.Id} | {Names(TrafficKinds.All.Select(kind => (kind.Id, kind.Guarantees)), row.Id)} | {Names(LeakStates.All.Select(state => (state.Id, state.Guarantees)), row.Id)} |")
            .Where(line => !line.EndsWith("|  |  |", StringComparison.Ordinal));
        var parts = Page.Split(MatrixHead);
        Assert.Equal(2, parts.Length);
        var (written, right) = (string.Concat(MatrixLine().Matches(parts[1]).Select(line => line.Value)), string.Concat(expected.Select(line => line + '\n')));
        if (Environment.GetEnvironmentVariable("VPNC_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(PagePath, parts[0] + MatrixHead + right + parts[1][written.Length..]);
            return;
        }

        Assert.Equal(right, written);
    }

    private static string Names(IEnumerable<(string Name, string Ids)> all, string id) =>
        string.Join(", ", all.Where(one => one.Ids.Split(' ').Contains(id)).Select(one => $"`{one.Name}`"));

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists($"{folder.FullName}/VpnConfinement.slnx"))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository");
    }

    [GeneratedRegex(@"^\| (?<id>S-\d+) \| (?<text>[^|]{30,}) \| (?<proofs>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\G\| S-\d+ \|.*\|\n")]
    private static partial Regex MatrixLine();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Proof();

    [GeneratedRegex(@"`([A-Z][A-Za-z]*Tests)\b")]
    private static partial Regex TestClass();

    [GeneratedRegex("`([a-z0-9]+(?:-[a-z0-9]+)+)`")]
    private static partial Regex StepName();

    [GeneratedRegex(@"^\[Trait\(""guarantees"", ""(?<ids>[^""]+)""\)\]\n(?:\[.*\n)*public (?:sealed |static |partial )*class (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex CitingClass();
}
