using VpnConfinement.Compile;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Linux.Facts;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests;

/// <summary>
/// Each folder below Golden is a case: a configuration, a root with the host's files, and what comes of it: <c>findings.txt</c> and, when accepted, the tree
/// <c>expected</c>. Run with VPNC_UPDATE_GOLDEN=1 to write both anew, then read the difference.
/// </summary>
[Trait("guarantees", "S-11")]
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(TestPaths.Project, "Golden");

    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case(string name)
    {
        var folder = Path.Combine(Folder, name);
        var (findings, tree) = Run(folder);
        if (Environment.GetEnvironmentVariable("VPNC_UPDATE_GOLDEN") == "1")
        {
            Update(folder, findings, tree);
        }

        Assert.Equal(name.StartsWith("refused-", StringComparison.Ordinal), tree is null);
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "findings.txt")), findings);
        var expected = Path.Combine(folder, "expected");
        var files = Directory.Exists(expected)
            ? Directory.EnumerateFiles(expected, "*", SearchOption.AllDirectories).Select(f => f[expected.Length..]).Order(StringComparer.Ordinal).ToList()
            : [];
        Assert.Equal(files, tree?.Files.Select(f => f.Path).ToList() ?? []);
        foreach (var file in tree?.Files ?? [])
        {
            Assert.Equal(File.ReadAllText(expected + file.Path), file.Content);
        }
    }

    [Fact]
    public void A_case_compiles_to_the_same_bytes_in_toml_and_json()
    {
        var toml = Run(Path.Combine(Folder, "short-form")).Tree!;
        var json = Run(Path.Combine(Folder, "short-form-json")).Tree!;
        Assert.Equal(toml.Files, json.Files);
    }

    private static (string Findings, CompiledTree? Tree) Run(string folder)
    {
        var json = Path.Combine(folder, "config.json");
        var file = File.Exists(json) ? json : Path.Combine(folder, "config.toml");
        var text = TextFile.Read(file, Path.GetFileName(file));
        var sources = new Dictionary<string, SourceText> { [text.File] = text };
        var findings = new DiagnosticBag();
        CompiledTree? tree = null;
        if (ConfigReader.Read([(text, file == json)], findings) is { } config)
        {
            var facts = new HostFactsReader(Path.Combine(folder, "root")).Read(Validator.Requests(config));
            facts = facts with { Files = facts.Files.ToDictionary(f => f.Key, f => f.Value is FileFact.Present p ? p with { OthersCanRead = false } : f.Value) };
            foreach (var source in facts.Files.Values.OfType<FileFact.Present>().Select(p => p.Text).OfType<SourceText>())
            {
                sources[source.File] = source;
            }

            tree = Validator.Validate(config, facts, strict: false, findings) is { } confinement ? Compiler.Compile(confinement) : null;
        }

        return (string.Join('\n', findings.Sorted().Select(f => DiagnosticText.Render(f, sources, (t, _) => t))), tree);
    }

    private static void Update(string folder, string findings, CompiledTree? tree)
    {
        File.WriteAllText(Path.Combine(folder, "findings.txt"), findings);
        var expected = Path.Combine(folder, "expected");
        if (Directory.Exists(expected))
        {
            Directory.Delete(expected, recursive: true);
        }

        foreach (var file in tree?.Files ?? [])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(expected + file.Path)!);
            File.WriteAllText(expected + file.Path, file.Content);
        }
    }
}
