namespace VpnConfinement.Cli.Tests;

public sealed class BuildTests
{
    [Fact]
    public void Writes_the_tree_without_rights()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        var result = Cli.Run("build", "--config", config, "--root", root, "--out", folder.PathOf("out"));
        Assert.Equal(0, result.Status);
        foreach (var file in new[] { "ruleset.nft", "resolv.conf", "nsswitch.conf", "plan.json" })
        {
            Assert.True(File.Exists(folder.PathOf("out/var/lib/vpn-confinement/namespaces/media/" + file)), file);
        }

        Assert.True(File.Exists(folder.PathOf("out/etc/systemd/system/downloader.service.d/zzzz-vpn-confinement.conf")));
    }

    [Fact]
    public void Same_input_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        foreach (var name in new[] { "a", "b" })
        {
            Assert.Equal(0, Cli.Run("build", "--config", config, "--root", root, "--out", folder.PathOf(name)).Status);
        }

        var files = Directory.EnumerateFiles(folder.PathOf("a"), "*", SearchOption.AllDirectories).Select(f => f[folder.PathOf("a").Length..]).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.Equal(File.ReadAllBytes(folder.PathOf("a") + f), File.ReadAllBytes(folder.PathOf("b") + f)));
    }

    [Fact]
    public void Never_writes_over_a_folder_that_holds_something()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        folder.Write("out/precious", "x");
        var result = Cli.Run("build", "--config", config, "--root", root, "--out", folder.PathOf("out"));
        Assert.Equal(2, result.Status);
        Assert.Equal(["precious"], Directory.EnumerateFileSystemEntries(folder.PathOf("out")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_is_no_folder_to_write_to()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        folder.Write("out", "x");
        var result = Cli.Run("build", "--config", config, "--root", root, "--out", folder.PathOf("out"));
        Assert.Equal(2, result.Status);
        Assert.Contains("is a file", result.Error, StringComparison.Ordinal);
        Assert.Equal("x", File.ReadAllText(folder.PathOf("out")));
    }

    [Fact]
    public void A_refused_configuration_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder, "[namespaces.media]\n");
        Assert.Equal(1, Cli.Run("build", "--config", config, "--root", root, "--out", folder.PathOf("out")).Status);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Theory]
    [InlineData("relative/path")]
    [InlineData("/bin/a\nExecStart=/bin/evil")]
    public void A_program_path_that_cannot_stand_in_a_unit_is_refused(string path)
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        Assert.Equal(2, Cli.Run("build", "--config", config, "--root", root, "--out", folder.PathOf("out"), "--binary", path).Status);
    }

    [Fact]
    public void The_forwarder_of_published_ports_is_the_one_that_is_named()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(
            folder, Sample.Config + "\n[[namespaces.media.publish]]\nlisten = \"127.0.0.1:8080\"\nto = 80\n");
        var tree = folder.PathOf("out");
        Assert.Equal(
            0,
            Cli.Run("build", "--config", config, "--root", root, "--out", tree, "--socket-proxy", "/opt/proxyd").Status);
        Assert.Contains(
            "ExecStart=/opt/proxyd ",
            File.ReadAllText(Path.Combine(tree, "etc/systemd/system/vpn-confinement-publish-media-80.service")),
            StringComparison.Ordinal);
        var refused = Cli.Run("build", "--config", config, "--root", root, "--out", tree, "--socket-proxy", "proxyd");
        Assert.Equal(2, refused.Status);
        Assert.Contains("--socket-proxy 'proxyd' is not an absolute path", refused.Error, StringComparison.Ordinal);
    }
}
