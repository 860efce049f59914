using System.Text.RegularExpressions;

namespace VpnConfinement.Core.Tests;

/// <summary>The folders of Core use each other in one direction, and each file is in its folder's namespace.</summary>
public sealed partial class FolderOrderTests
{
    // A folder uses those before it.
    private static readonly string[] Order =
    [
        "Text", "Diagnostics", "Syntax", "Model", "Settings", "State", "Config", "Validation", "Plan",
        "Compile", "Drift", "Health", "Doctor", "Verify", "Change", "Watch", "Graph",
    ];

    // Files that use a later folder. None may be added; one that no longer does so is taken out.
    private static readonly string[] Debts =
    [
        // A change is planned from compiled trees; the plan that units run is a thing of its own (Spec).
        "Plan/ApplyPlan.cs uses Compile",

        // A change is planned from what differs as well: both go where changes get a folder of their own.
        "Plan/ApplyPlan.cs uses Drift",

        "Plan/HostObservation.cs uses Drift",
        "Plan/PlannedWrite.cs uses Compile",

        // What was applied is made from a compiled tree, and its plans are read.
        "State/Generation.cs uses Compile",
        "State/Generation.cs uses Plan",
        "State/Manifest.cs uses Compile",

        // The places of files (StateLayout) are values, and lie with the plan.
        "Validation/InstalledUnit.cs uses Plan",
        "Validation/KeyRules.cs uses Plan",
        "Validation/NetworkDaemonRules.cs uses Plan",
        "Validation/PublishRules.cs uses Plan",
    ];

    private static readonly string Core = Path.GetFullPath(Path.Combine(TestPaths.Project, "../../src/VpnConfinement.Core"));

    [Fact]
    public void Each_folder_uses_only_those_before_it() => Assert.Equal(
        Debts,
        Uses().Where(u => Array.IndexOf(Order, u.Used) > Array.IndexOf(Order, u.Folder))
            .Select(u => $"{u.File} uses {u.Used}").Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_order_has_every_folder_and_namespace()
    {
        var folders = Files().Select(f => f.Folder).Distinct();
        Assert.Equal(Order.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
        Assert.Empty(Uses().Select(u => u.Used).Except(Order));
        Assert.All(
            Files(),
            f => Assert.Equal("VpnConfinement." + f.File[..f.File.LastIndexOf('/')].Replace('/', '.'), Namespace(f.Text)));
    }

    private static IEnumerable<(string File, string Folder, string Used)> Uses() =>
        from file in Files()
        from line in file.Text.Split('\n')
        where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        from Match match in Use().Matches(line)
        let used = match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value
        where used != file.Folder
        select (file.File, file.Folder, used);

    private static IEnumerable<(string File, string Folder, string Text)> Files() =>
        from path in Directory.EnumerateFiles(Core, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let file = Path.GetRelativePath(Core, path)
        let folder = file.Split('/')[0]
        where folder is not ("obj" or "bin")
        select (file, folder, File.ReadAllText(path));

    private static string Namespace(string text) => NamespaceLine().Match(text).Groups[1].Value;

    // By its full name, or by one that begins with the folder and goes on with a folder in it.
    [GeneratedRegex(
        @"(?<![/\w])VpnConfinement\.([A-Z]\w*)"
        + @"|(?<![.\w])(Compile|Config)\.(?:Systemd|Nftables|Frames|Daemons|Resolver|WgQuick|Reference)\.")]
    private static partial Regex Use();

    [GeneratedRegex(@"^namespace ([\w.]+);$", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
