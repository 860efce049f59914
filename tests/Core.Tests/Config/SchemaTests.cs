using System.Text.Json.Nodes;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Syntax;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Config;

/// <summary>The schema refuses what the grammar refuses and nothing that is accepted.</summary>
public sealed class SchemaTests
{
    // What is wrong with one value by itself.
    private static readonly string[] Grammar = ["VPC002", "VPC003", "VPC010", "VPC012", "VPC023", "VPC030", "VPC041"];

    // Each of these has two sides: the form of the value, which the schema knows, and what it means, which it does not (the resolver 127.0.0.1, a key set twice, the
    // base of a /30, a path that is reserved, a mark of 0). Every other code is about what several values or the host say together.
    private static readonly string[] FormOrMeaning = ["VPC021", "VPC031", "VPC044", "VPC049", "VPC050", "VPC056", "VPC060", "VPC063", "VPC064"];

    [Fact]
    public void Golden_cases()
    {
        var cases = Directory.EnumerateDirectories(Path.Combine(TestPaths.Project, "Golden")).Select(Read).Where(c => c.Tree is not null).ToList();
        var errors = SchemaValidator.Validate(cases.Select(c => c.Tree));
        foreach (var ((name, tree, codes), error) in cases.Zip(errors))
        {
            var agree = codes.Intersect(Grammar).Any() ? error is not null : error is null || codes.Intersect(FormOrMeaning).Any();
            Assert.True(agree, $"{name}: the program says {string.Join(' ', codes)}, the schema says {error ?? "nothing"}");
        }

        Assert.Contains(cases, c => c.Codes.Count == 0);
    }

    [Fact]
    public void Each_option_by_itself()
    {
        var cases = OptionCases.All.SelectMany(c => Values(c.Option).Select(v => (c.Path, Value: v, Instance: OptionCases.With(c.Path, v)))).ToList();
        var errors = SchemaValidator.Validate(cases.Select(c => c.Instance));
        foreach (var ((path, value, instance), error) in cases.Zip(errors))
        {
            var findings = new DiagnosticBag();
            ConfigReader.Read([(new SourceText("config.json", instance.ToJsonString()), true)], findings);

            // Texts are looked at by the validator, in what is in use.
            Assert.True(findings.HasErrors ? error is not null : error is null || error.Contains("does not match", StringComparison.Ordinal), $"{path} = {value?.ToJsonString()}: {error}");
        }
    }

    [Fact]
    public void Names_that_the_user_chooses()
    {
        (string Json, bool Accepted)[] cases =
        [
            ("""{"namespaces": {"a": {}}}""", true), ("""{"namespaces": {"init": {}}}""", false), ("""{"namespaces": {"a/b": {}}}""", false), ("""{"namespaces": {"": {}}}""", false),
            ("""{"namespaces": []}""", false), ("""{"namespaces": {"a": 1}}""", false), ("""{"namespace": {}}""", false), ("""{"namespaces": {"a": {"Dns": {}}}}""", false),
            ("""{"wireguard": {"interfaces": {"wg0": {}}}}""", true), ("""{"wireguard": {"interfaces": {"0123456789012345": {}}}}""", false),
            ("""{"services": {"app@x": {"vpn": {}}}}""", true), ("""{"services": {"app.socket": {}}}""", false), ("""{"services": {"a b": {}}}""", false), ("""{"services": {"app": {"vpn": {"x": 1}}}}""", false),
            ("""{"sockets": {"app.socket": {"vpn": {}}}}""", true), ("""{"sockets": {"app.service": {}}}""", false), ("[]", false), ("null", false),
        ];
        var errors = SchemaValidator.Validate(cases.Select(c => JsonNode.Parse(c.Json)));
        Assert.All(cases.Zip(errors), c => Assert.True(c.First.Accepted == c.Second is null, $"{c.First.Json}: {c.Second}"));
    }

    private static IEnumerable<JsonNode?> Values(OptionDeclaration option) =>
    [
        .. new[] { option.Default, option.Example }.OfType<string>().Select(l => JsonNode.Parse(l)),
        null, true, 1.5, -1, 0, 1, 65535, 65536, 4294967295, 4294967296, long.MaxValue, "", "x", "\n", new JsonArray(), new JsonArray(0), new JsonArray(1), new JsonArray(65536), new JsonArray("x"), new JsonArray(new JsonArray()), new JsonObject(),
    ];

    private static (string Name, JsonNode? Tree, IReadOnlyList<string> Codes) Read(string folder)
    {
        var json = Path.Combine(folder, "config.json");
        var file = File.Exists(json) ? json : Path.Combine(folder, "config.toml");
        var text = new SourceText(Path.GetFileName(file), File.ReadAllText(file));
        var syntax = new DiagnosticBag();
        var tree = file == json ? JsonReader.Read(text, syntax) : TomlReader.Read(text, syntax);
        var codes = File.ReadLines(Path.Combine(folder, "findings.txt")).Where(l => l.StartsWith(text.File, StringComparison.Ordinal) && l.Contains(": error ", StringComparison.Ordinal)).Select(l => l.Split(": error ")[1][..6]);
        return (Path.GetFileName(folder), syntax.HasErrors || tree.Members.Count == 0 ? null : SchemaValidator.Json(tree), [.. codes.Distinct()]);
    }
}
