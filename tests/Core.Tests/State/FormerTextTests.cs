using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VpnConfinement.Compile.Frames;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Core.Tests.State;

/// <summary>
/// A plan of format 3, which the program of commit 0ded49a wrote. It held the text of tables and filters, which are made
/// of its values now: the same text, so that an upgrade touches nothing in the kernel.
/// </summary>
public sealed class FormerTextTests
{
    private static readonly string Folder =
        Path.Combine(TestPaths.Project, "../state/0ded49a/var/lib/vpn-confinement/namespaces/media/");

    private static readonly string Text = File.ReadAllText(Folder + "plan.json");

    [Fact]
    public void Its_tables_and_filters_are_made_of_its_values()
    {
        var plan = PlanJson.Read(Text);
        var former = JsonNode.Parse(Text)!;
        Assert.Equal((3, NamespacePlan.CurrentVersion), ((int)former["version"]!, plan.Version));
        Assert.Equal((string?)former["hostLink"]!["hostRuleset"], HostRuleset.Compile(plan.HostLink!));
        Assert.Equal((string?)former["hostLink"]!["outFilter"], Bytecode(HostLinkFilters.OutOfNamespace(plan.HostLink!)));
        Assert.Equal((string?)former["hostLink"]!["inFilter"], Bytecode(HostLinkFilters.IntoNamespace(plan.HostLink!)));
        Assert.Equal((string?)former["pinning"]!["ruleset"], EndpointPinRuleset.Compile(plan.Pinning!, plan.WireGuard.Endpoints));
        Assert.Equal(ContentHash.Of(File.ReadAllText(Folder + "ruleset.nft")), plan.RulesetSha256);
        Assert.Equal(plan.Policy, NamespaceRuleset.PolicyOf(plan));
    }

    [Fact]
    public void All_its_other_values_are_kept_and_no_text_of_nft_is_left()
    {
        var former = JsonNode.Parse(Text)!.AsObject();
        var present = PlanJson.Write(PlanJson.Read(Text));
        Assert.DoesNotContain("chain", present, StringComparison.Ordinal);
        former["version"] = NamespacePlan.CurrentVersion;
        foreach (var (part, name) in (ReadOnlySpan<(string, string)>)
            [("hostLink", "outFilter"), ("hostLink", "inFilter"), ("hostLink", "hostRuleset"), ("pinning", "ruleset")])
        {
            Assert.True(former[part]!.AsObject().Remove(name));
        }

        Assert.True(JsonNode.DeepEquals(former, JsonNode.Parse(present)));
    }

    [Fact]
    public void One_that_says_it_is_of_the_present_format_is_damaged() => Assert.ThrowsAny<JsonException>(() =>
        PlanJson.Read(Text.Replace("\"version\": 3", $"\"version\": {NamespacePlan.CurrentVersion}", StringComparison.Ordinal)));

    [Fact]
    public void Cut_short_anywhere_it_is_damaged()
    {
        var text = Text.TrimEnd();
        for (var length = 0; length < text.Length; length++)
        {
            Assert.ThrowsAny<JsonException>(() => PlanJson.Read(text[..length]));
        }
    }

    // As `tc filter show` prints it.
    private static string Bytecode(FrameFilter filter) => string.Join(',', filter.Instructions
        .Select(i => string.Create(CultureInfo.InvariantCulture, $"{i.Code} {i.True} {i.False} {i.Value}"))
        .Prepend(filter.Instructions.Count.ToString(CultureInfo.InvariantCulture)));
}
