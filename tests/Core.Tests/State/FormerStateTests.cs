using System.Text.Json;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.State;

/// <summary>What older programs wrote, as this program reads it: commit 2384481 for two namespaces, commit 0ded49a for one.</summary>
public sealed class FormerStateTests
{
    private const string State = "var/lib/vpn-confinement";

    [Theory]
    [InlineData("media")]
    [InlineData("second")]
    public void A_plan_of_format_1_is_brought_into_the_present_one(string ns)
    {
        var plan = PlanJson.Read(Former($"{State}/namespaces/{ns}/plan.json"));
        Assert.Equal((NamespacePlan.CurrentVersion, ns), (plan.Version, plan.Namespace));
        Assert.Null(plan.Policy);
        Assert.Equal(ns == "media" ? 1420 : 1380, plan.WireGuard.Mtu);
        Assert.Equal(ns == "media", plan.HostLink is not null);
        Assert.Equal(ContentHash.Of(Former($"{State}/namespaces/{ns}/ruleset.nft")), plan.RulesetSha256);
        Assert.Equal(PlanJson.Write(plan), PlanJson.Write(PlanJson.Read(PlanJson.Write(plan))));
    }

    [Fact]
    public void What_format_1_did_not_have_is_what_would_be_compiled()
    {
        var link = PlanJson.Read(Former($"{State}/namespaces/media/plan.json")).HostLink!;
        Assert.True(NamespaceName.TryParse("media", out var ns));
        Assert.Equal(HostLinkDerivation.HostMac(ns), link.HostMac);
        Assert.Equal(HostLinkDerivation.NamespaceMac(ns), link.NamespaceMac);
        var compiled = PlanJson.Read(File.ReadAllText(Path.Combine(
            TestPaths.Project, "Golden/short-form/expected/var/lib/vpn-confinement/namespaces/media/plan.json"))).HostLink!;
        Assert.Equal(compiled, link);
    }

    [Fact]
    public void The_manifest_and_the_generations_are_read_with_their_plans()
    {
        var manifest = ManifestJson.Read(Former($"{State}/manifest.json"));
        Assert.Equal(["media", "second"], manifest.Namespaces.Select(n => n.Name));
        Assert.True(manifest.IsWhole);
        foreach (var number in (int[])[1, 2])
        {
            var tree = GenerationJson.Read(File.ReadAllBytes(PathOf($"{State}/generations/{number}"))).ToTree(_ => new Secret(new byte[32]));
            Assert.Equal(["media", "second"], tree.Plans.Select(p => p.Namespace));
        }
    }

    [Fact]
    public void Cut_short_anywhere_it_is_damaged()
    {
        var text = Former($"{State}/namespaces/media/plan.json").TrimEnd();
        for (var length = 0; length < text.Length; length++)
        {
            Assert.ThrowsAny<JsonException>(() => PlanJson.Read(text[..length]));
        }
    }

    [Theory]
    [InlineData("\"version\": 1,", "")]
    [InlineData("\"version\": 1", "\"version\": \"1\"")]
    [InlineData("\"version\": 1", "\"version\": 1, \"version\": 2")]
    [InlineData("\"version\": 1", "\"version\": 2")]
    [InlineData("\"version\": 1", "\"version\": 1, \"later\": true")]
    [InlineData("169.254.84.148/30", "169.254.84.148/33")]
    [InlineData("EXMxT7ZGX9PukbNdFko=", "EXMxT7ZGX9PukbNdFkp=")]
    [InlineData("\"vh-233c6fe18cf1\"", "null")]
    [InlineData("\"namespace\": \"media\"", "\"namespace\": \"../media\"")]
    public void A_damaged_value_is_named_and_never_guessed(string before, string after)
    {
        var text = Former($"{State}/namespaces/media/plan.json");
        Assert.Contains(before, text, StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => PlanJson.Read(text.Replace(before, after, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(NamespacePlan.CurrentVersion + 1)]
    public void A_plan_of_another_program_is_not_called_damaged(int version)
    {
        var text = Former($"{State}/namespaces/media/plan.json").Replace("\"version\": 1", $"\"version\": {version}", StringComparison.Ordinal);
        Assert.Contains($"its format is {version}", Assert.Throws<NotSupportedException>(() => PlanJson.Read(text)).Message, StringComparison.Ordinal);
    }

    private static string Former(string path) => File.ReadAllText(PathOf(path));

    private static string PathOf(string path) => Path.Combine(TestPaths.Project, "../state/2384481", path);
}
