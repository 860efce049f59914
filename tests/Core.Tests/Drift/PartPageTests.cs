using System.Text.RegularExpressions;
using VpnConfinement.Drift;

namespace VpnConfinement.Core.Tests.Drift;

/// <summary>Each part is on the page of guarantees, and each damage that it can take is done end to end.</summary>
public sealed partial class PartPageTests
{
    private const string Head =
        "| part | what it is | damage | repaired | guard | shown by |\n| --- | --- | --- | --- | --- | --- |\n";

    private static readonly string Repository = Path.GetFullPath(Path.Combine(TestPaths.Project, "../.."));

    [Fact]
    public void The_page_names_each_part_with_its_damages_and_its_repair()
    {
        var page = File.ReadAllText(Path.Combine(Repository, "docs/security.md")).Split(Head);
        Assert.Equal(2, page.Length);
        var rows = page[1].Split('\n').TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()).ToList();
        Assert.Equal(PartList.All.Select(part => part.Name), rows.Select(row => row[0]));
        var proofs = new Proofs(Repository);
        foreach (var (part, row) in PartList.All.Zip(rows))
        {
            Assert.Equal(part.Damages.Select(Word), row[2].Split(", "));
            Assert.Equal(
                part.Repair switch
                {
                    PartRepair.InPlace => "in place",
                    PartRepair.InPlaceThenTunnel => "in place, then the tunnel made anew",
                    PartRepair.Tunnel => "tunnel made anew",
                    PartRepair.Namespace => "namespace made anew",
                    PartRepair.Apply => "by `apply` alone",
                    PartRepair.Unit => "stopped by the watcher, restarted by `apply`",
                    PartRepair.Hand => "by hand",
                    _ => throw new InvalidOperationException("a repair of an unknown kind"),
                },
                row[3]);
            Assert.Equal(part.IsGuard ? "yes" : "no", row[4]);
            Assert.True(proofs.Wrong(row[5]).Count == 0, $"{part.Name}: {string.Join(", ", proofs.Wrong(row[5]))}");
        }
    }

    [Fact]
    public void Each_damage_of_a_part_is_done_end_to_end_and_no_other()
    {
        var done = Directory.EnumerateFiles(Path.Combine(Repository, "tests/E2e.Tests"), "*.cs")
            .SelectMany(file => Done(File.ReadAllText(file))).ToHashSet();
        var wanted = PartList.All
            .SelectMany(part => part.Damages.Select(damage => (part.Name, Word(damage)))).ToHashSet();
        Assert.Equal(wanted.Order(), done.Order());
    }

    [Fact]
    public void Each_damage_of_a_part_that_is_repaired_in_place_is_done_with_and_without_a_watcher()
    {
        var text = File.ReadAllText(Path.Combine(Repository, "tests/E2e.Tests/HostLinkDriftTests.cs"));
        var wanted = PartList.All.Where(part => part.Repair is PartRepair.InPlace)
            .SelectMany(part => part.Damages.Select(damage => (part.Name, Word(damage)))).ToHashSet();
        Assert.Equal(wanted.Order(), Done(text).Distinct().Order());
    }

    private static IEnumerable<(string Part, string Damage)> Done(string text) =>
        Row().Matches(text).Concat(Label().Matches(text)).Select(m => (m.Groups[1].Value, m.Groups[2].Value));

    private static string Word(DamageKind damage) => damage switch
    {
        DamageKind.Absent => "absent",
        DamageKind.Altered => "altered",
        DamageKind.AddedTo => "added",
        _ => throw new InvalidOperationException("a damage of an unknown kind"),
    };

    // A case of a theory that takes both, or the label of a test that is of no theory.
    [GeneratedRegex(
        "^ +(?:\\{ |\\[InlineData\\()\"([a-z ]+)\", \"(absent|altered|added)\", ", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^    \\[Trait\\(\"damage\", \"([a-z ]+): ([a-z]+)\"\\)\\]", RegexOptions.Multiline)]
    private static partial Regex Label();
}
