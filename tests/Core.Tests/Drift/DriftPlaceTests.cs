using System.Text.RegularExpressions;

namespace VpnConfinement.Core.Tests.Drift;

/// <summary>
/// What was applied is compared with what is there in Core/Drift alone. The comparisons are internal to Core, so no
/// other project calls one by itself; what these tests hold besides is by the text of the source. They cannot hold a
/// comparison that uses neither a type of Core/Drift nor a hash: whoever asks the kernel whether a thing is there, to
/// make it or to take it away, compares as well, and so do the judges of health, which weigh what is seen over time.
/// </summary>
[Trait("guarantees", "S-32")]
public sealed partial class DriftPlaceTests
{
    // Files that hold hashes against each other, and why. None may be added; one that no longer does so is taken out.
    private static readonly string[] Debts =
    [
        // Two specs: whether the living tunnel can take the change.
        "Core/Plan/LivingChange.cs",

        // What the configuration says by now against what was applied: nothing is seen.
        "Core/Health/ConfigurationHealth.cs",

        // A key that was kept is known again by its hash.
        "Linux/Apply/FormerKeys.cs",

        // Whether the record on disk is what was applied: else nothing is changed on the living tunnel.
        "Linux/Apply/HostLook.cs",

        // A table as the kernel reports it; the part says what that comes to (docs/adr/0020).
        "Linux/Nftables/RulesetIdentity.cs",
    ];

    private static readonly string Source = Path.GetFullPath(Path.Combine(TestPaths.Project, "../../src"));

    [Fact]
    public void Entries_and_differences_are_made_in_one_folder() => Assert.Empty(
        Files().Where(f => !IsDrift(f.Path) && Made().IsMatch(f.Text)).Select(f => f.Path));

    [Fact]
    public void No_comparison_can_be_called_from_outside()
    {
        var comparisons = Files().Where(f => IsDrift(f.Path)
            && (f.Path.EndsWith("Comparison.cs", StringComparison.Ordinal)
                || f.Path.EndsWith("/LoadedAttachment.cs", StringComparison.Ordinal))).ToList();
        Assert.True(comparisons.Count > 7, "the comparisons are not found");
        Assert.Equal(
            ["Core/Drift/TunnelComparison.cs"],
            comparisons.Where(f => f.Text.Contains("public static class", StringComparison.Ordinal))
                .Select(f => f.Path));
    }

    // What was seen is told apart by its comparison; a look makes it, and passes on why it could not. What 'doctor' sees
    // is compared with nothing that was applied, and judged by its own rules.
    [Fact]
    public void What_was_seen_is_read_in_one_folder_and_by_those_who_look() => Assert.Empty(
        Files().Where(f => !IsDrift(f.Path) && !f.Path.StartsWith("Linux/Parts/", StringComparison.Ordinal)
            && !f.Path.Contains("/Doctor/", StringComparison.Ordinal)
            && !f.Path.EndsWith("Look.cs", StringComparison.Ordinal)
            && f.Text.Contains("Observation<", StringComparison.Ordinal)
            && f.Path is not "Linux/Apply/OwnFiles.cs").Select(f => f.Path));

    [Fact]
    public void Hashes_of_what_was_applied_are_compared_in_one_folder() => Assert.Equal(
        Debts.Order(StringComparer.Ordinal),
        Files().Where(f => !IsDrift(f.Path) && Hash().IsMatch(f.Text)).Select(f => f.Path)
            .Order(StringComparer.Ordinal));

    private static bool IsDrift(string path) => path.StartsWith("Core/Drift/", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Text)> Files() =>
        from path in Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let file = Path.GetRelativePath(Source, path)["VpnConfinement.".Length..]
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        select (file, File.ReadAllText(path));

    [GeneratedRegex(@"new (DriftEntry|PartDifference)\(")]
    private static partial Regex Made();

    // A hash of a file held against another, empty ones and those of one text aside.
    [GeneratedRegex(@"Sha256 [!=]= (?!"")|[!=]= \w+(\.\w+)*\.Sha256\b")]
    private static partial Regex Hash();
}
