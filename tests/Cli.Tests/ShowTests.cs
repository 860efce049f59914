using System.Text.Json;

namespace VpnConfinement.Cli.Tests;

public sealed class ShowTests
{
    private const string Quiet = """
        [namespaces.quiet]
        wireguard.configFile = "/etc/wireguard/provider.conf"
        """;

    [Fact]
    public void The_json_has_what_is_derived()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        var result = Cli.Run("show", "--config", config, "--root", root, "--json");
        Assert.Equal(0, result.Status);
        using var json = JsonDocument.Parse(result.Output);
        var media = json.RootElement.GetProperty("namespaces").GetProperty("media");
        Assert.Equal("wg0", media.GetProperty("interface").GetString());
        Assert.Equal(JsonValueKind.Null, media.GetProperty("fwMark").ValueKind);
        Assert.Equal(["downloader.service"], media.GetProperty("services").EnumerateArray().Select(s => s.GetString()));
        Assert.Empty(media.GetProperty("sockets").EnumerateArray());
        var link = media.GetProperty("derived").GetProperty("hostLink");
        Assert.Equal(["subnetIPv4", "hostAddressIPv4", "nsAddressIPv4", "hostIf", "nsIf"], link.EnumerateObject().Select(m => m.Name));
        Assert.StartsWith("vh-", link.GetProperty("hostIf").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("/30", link.GetProperty("subnetIPv4").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_null()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder, Quiet);
        using var json = JsonDocument.Parse(Cli.Run("show", "--config", config, "--root", root, "--json").Output);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("namespaces").GetProperty("quiet").GetProperty("derived").GetProperty("hostLink").ValueKind);
    }

    [Fact]
    public void The_text_says_what_can_be_reached_from_where()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder, Sample.Config.Replace("publishToHost", "publish = [{ listen = \"*:8080\", to = 80 }, { listen = \"127.0.0.1:8081\", to = 81 }]\npublishToHost", StringComparison.Ordinal));
        var result = Cli.Run("show", "--config", config, "--root", root);
        Assert.Equal(0, result.Status);
        foreach (var part in new[] { "wg0, 10.64.0.2/32", "10.64.0.1 (strict", "TCP 9091; from this host only", "*:8080, from whoever reaches this host, to 127.0.0.1:80", "127.0.0.1:8081, from this host, to", "LAN", "downloader.service  baseline" })
        {
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Sample.PrivateKey, result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_configuration_is_not_shown()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder, "[namespaces.media]\n");
        var result = Cli.Run("show", "--config", config, "--root", root, "--json");
        Assert.Equal(1, result.Status);
        Assert.Empty(result.Output);
    }
}
