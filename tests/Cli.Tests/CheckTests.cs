using System.Text.Json;

namespace VpnConfinement.Cli.Tests;

[Trait("guarantees", "S-10 S-11")]
public sealed class CheckTests
{
    [Fact]
    public void A_good_configuration_is_accepted()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        var result = Cli.Run("check", "--config", config, "--root", root);
        Assert.Equal((0, "ok: 1 namespace, 1 confined service\n"), (result.Status, result.Output));
    }

    [Fact]
    public void A_configuration_that_confines_nothing_is_told_so()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(
            folder, "[namespaces.media]\nwireguard.configFile = \"/etc/wireguard/provider.conf\"\n");
        var result = Cli.Run("check", "--config", config, "--root", root);
        Assert.Equal(0, result.Status);
        Assert.EndsWith(
            "\nNothing is confined: write [services.NAME.vpn] for each service that is to be.\n", result.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_documented_shape()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder, "[namespaces.media]\nbogus = 1\n");
        var result = Cli.Run("check", "--json", "--config", config, "--root", root);
        Assert.Equal(1, result.Status);
        var report = JsonDocument.Parse(result.Output).RootElement;
        Assert.False(report.GetProperty("ok").GetBoolean());
        var finding = Assert.Single(report.GetProperty("diagnostics").EnumerateArray(), f => f.GetProperty("code").GetString() == "VPC002");
        Assert.Equal(["code", "severity", "path", "message", "remedy", "file", "line", "column"], finding.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("VPC002", "error", 2, 1), (finding.GetProperty("code").GetString(), finding.GetProperty("severity").GetString(), finding.GetProperty("line").GetInt32(), finding.GetProperty("column").GetInt32()));
    }

    [Fact]
    public void A_configuration_from_standard_input_may_be_json()
    {
        using var folder = new TemporaryFolder();
        var (_, root) = Sample.In(folder);
        var json = """{ "namespaces": { "media": { "wireguard": { "configFile": "/etc/wireguard/provider.conf" } } } }""";
        Assert.Equal(0, Cli.RunWith(json, "check", "--config", "-", "--format", "json", "--root", root).Status);
        Assert.Equal(1, Cli.RunWith(json, "check", "--config", "-", "--root", root).Status);
    }

    [Fact]
    public void A_missing_file_is_no_empty_configuration()
    {
        var result = Cli.Run("check", "--config", "/nowhere/config.toml");
        Assert.Equal(1, result.Status);
        Assert.Contains("/nowhere/config.toml does not exist", result.Error, StringComparison.Ordinal);
        Assert.False(JsonDocument.Parse(Cli.Run("check", "--json", "--config", "/nowhere").Output).RootElement.GetProperty("ok").GetBoolean());
    }

    // A part that cannot be read may name services: without it they would seem to be left out.
    [Theory]
    [InlineData("root/etc/vpn-confinement/conf.d/a.toml/x", "conf.d/a.toml cannot be read: it is a folder")]
    [InlineData("root/etc/vpn-confinement/conf.d", "conf.d is there and is no folder")]
    public void What_is_in_the_way_of_a_part_is_refused(string inTheWay, string said)
    {
        using var folder = new TemporaryFolder();
        var (_, root) = Sample.In(folder);
        folder.Write("root/etc/vpn-confinement/config.toml", Sample.Config);
        Assert.Equal(0, Cli.Run("check", "--root", root).Status);
        folder.Write(inTheWay, "");
        var result = Cli.Run("check", "--root", root);
        Assert.Equal(1, result.Status);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root/etc/vpn-confinement/conf.d/a.toml", "conf.d/a.toml: error VPC001")]
    [InlineData("root/etc/vpn-confinement/conf.d", "conf.d is there and is no folder")]
    public void A_part_that_leads_nowhere_is_refused(string link, string said)
    {
        using var folder = new TemporaryFolder();
        var (_, root) = Sample.In(folder);
        folder.Write("root/etc/vpn-confinement/config.toml", Sample.Config);
        Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf(link))!);
        File.CreateSymbolicLink(folder.PathOf(link), "/nowhere");
        var result = Cli.Run("check", "--root", root);
        Assert.Equal(1, result.Status);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_refused()
    {
        var result = Cli.Run("check", "--config", "/etc");
        Assert.Equal(1, result.Status);
        Assert.Contains("is a folder", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        var result = Cli.Run("check", "--config", folder.Write("empty.toml", ""));
        Assert.Equal(1, result.Status);
        Assert.Contains("empty", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_is_refused_with_a_screenful()
    {
        using var folder = new TemporaryFolder();
        var noise = new byte[5 << 20];
        new Random(1).NextBytes(noise);
        File.WriteAllBytes(folder.PathOf("noise.toml"), noise);
        var result = Cli.Run("check", "--config", folder.PathOf("noise.toml"));
        Assert.Equal(1, result.Status);
        Assert.InRange(result.Error.Length, 20, 20_000);
    }

    [Fact]
    public void Warnings_are_errors_when_strict()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder, Sample.Config + "\n[services.not-there.vpn]\nnamespace = \"media\"\n");
        Assert.Equal(0, Cli.Run("check", "--config", config, "--root", root).Status);
        var strict = Cli.Run("check", "--strict", "--config", config, "--root", root);
        Assert.Equal(1, strict.Status);
        Assert.Contains("error VPC108", strict.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_that_others_can_read_is_a_warning()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        File.SetUnixFileMode(Path.Combine(root, "etc/wireguard/provider.conf"), (UnixFileMode)0x1a4); // 0644
        var result = Cli.Run("check", "--config", config, "--root", root);
        Assert.Equal(0, result.Status);
        Assert.Contains("VPC109", result.Error, StringComparison.Ordinal);
        Assert.Contains("chmod 600", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreadable_provider_file_says_so()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        foreach (var path in new[] { folder.Root, root, Path.Combine(root, "etc"), Path.Combine(root, "etc/wireguard"), config })
        {
            File.SetUnixFileMode(path, (UnixFileMode)0x1ed); // 0755
        }

        var result = Cli.RunUnprivileged("check", "--config", config, "--root", root);
        Assert.Equal(1, result.Status);
        Assert.Contains("VPC040", result.Error, StringComparison.Ordinal);
        Assert.Contains("root", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_output_ever_holds_a_key()
    {
        using var folder = new TemporaryFolder();
        foreach (var broken in new[] { Sample.Provider, Sample.Provider.Replace("PrivateKey", "PrivatKey", StringComparison.Ordinal), Sample.Provider.Replace("PrivateKey = ", "", StringComparison.Ordinal) })
        {
            var (config, root) = Sample.In(folder, provider: broken);
            foreach (var arguments in new[] { new[] { "check" }, ["check", "--json"], ["build", "--out", folder.PathOf("out" + Guid.NewGuid())] })
            {
                var result = Cli.Run([.. arguments, "--config", config, "--root", root]);
                Assert.DoesNotContain(Sample.PrivateKey[5..20], result.Output + result.Error, StringComparison.Ordinal);
            }
        }

        var written = Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).Where(f => f.Contains("/out", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(written);
        Assert.All(written, f => Assert.DoesNotContain(Sample.PrivateKey, File.ReadAllText(f), StringComparison.Ordinal));
    }
}
