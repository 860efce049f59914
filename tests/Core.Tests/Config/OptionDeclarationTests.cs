using System.Text.Json.Nodes;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Config;

/// <summary>The reader reads exactly what is declared, and as it is declared.</summary>
public sealed class OptionDeclarationTests
{
    public static TheoryData<string> Paths => [.. OptionCases.All.Select(c => c.Path)];

    private static OptionDeclaration Option(string path) => OptionCases.All.Single(c => c.Path == path).Option;

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_value_of_the_wrong_type_is_refused_at_its_option(string path)
    {
        foreach (var value in new JsonNode?[] { null, 1.5, new JsonObject(), new JsonArray(new JsonArray()) })
        {
            var finding = Assert.Single(Read(path, value));
            Assert.Equal("VPC003", finding.Code);
            Assert.Equal(path.Replace("[]", "[0]", StringComparison.Ordinal), finding.Path);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void The_default_and_the_example_are_accepted(string path)
    {
        foreach (var literal in new[] { Option(path).Default, Option(path).Example }.OfType<string>())
        {
            Assert.Empty(Read(path, JsonNode.Parse(literal)));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Numbers_are_taken_up_to_their_bounds_and_no_further(string path)
    {
        var list = Option(path).Type is OptionType.List;
        if (((Option(path).Type as OptionType.List)?.Item ?? Option(path).Type) is not OptionType.Number number)
        {
            return;
        }

        foreach (var (value, accepted) in new[] { (number.Least, true), (number.Most, true), (number.Least - 1L, false), (number.Most + 1L, false), (long.MaxValue, false), (long.MinValue, false) })
        {
            Assert.Equal(accepted, Read(path, list ? new JsonArray(value) : value).Count == 0);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Words_are_taken_as_they_are_declared(string path)
    {
        var list = Option(path).Type is OptionType.List;
        if (((Option(path).Type as OptionType.List)?.Item ?? Option(path).Type) is not OptionType.Choice choice)
        {
            return;
        }

        JsonNode Value(string word) => list ? new JsonArray(word) : word;
        Assert.All(choice.Names, name => Assert.Empty(Read(path, Value(name))));
        Assert.All(
            ["", choice.Names[0] + " ", choice.Names[0].ToUpperInvariant(), choice.Names[0] + "\n"],
            word => Assert.Single(Read(path, Value(word))));
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("4294967295", true)]
    [InlineData("0x1f", true)]
    [InlineData("0XFFFFFFFF", true)]
    [InlineData("4294967296", false)]
    [InlineData("0x100000000", false)]
    [InlineData("010", false)]
    [InlineData("0x", false)]
    [InlineData("1\0", false)]
    [InlineData("0x1f\0", false)]
    [InlineData("-1", false)]
    [InlineData("+1", false)]
    [InlineData(" 1", false)]
    [InlineData("1f", false)]
    [InlineData("", false)]
    [InlineData("0x00000000000000001", false)]
    public void Marks_have_one_meaning(string text, bool accepted) => Assert.Equal(accepted, Read("wireguard.interfaces.x1.fwMark", text).Count == 0);

    private static IReadOnlyList<Diagnostic> Read(string path, JsonNode? value)
    {
        var findings = new DiagnosticBag();
        ConfigReader.Read([(new SourceText("config.json", OptionCases.With(path, value).ToJsonString()), true)], findings);
        return findings.Sorted();
    }
}
