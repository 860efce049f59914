using System.Diagnostics;

namespace VpnConfinement.Cli.Tests;

/// <summary>Files that are no files: each is said by its kind, with exit status 1, and none is waited for.</summary>
[Trait("guarantees", "S-38")]
public sealed class OddFileTests
{
    private const string Pipe = "it is a named pipe (FIFO), not a regular file";

    public static TheoryData<string, string> Others => new()
    {
        { "mkfifo FILE", Pipe },
        { "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"FILE\")'", "it is a socket, not a regular file" },
        { "mkdir FILE", "it is a folder, not a regular file" },
        { "mkfifo FILE.pipe; ln -sr FILE.pipe FILE.link; ln -sr FILE.link FILE", Pipe },
        { "ln -sr FILE FILE", "its symbolic links lead in a circle" },
        { "truncate -s 2G FILE", "it is larger than 16 MiB, the most that such a file may have" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    [InlineData("ln -s /dev/zero FILE", "it is a character device, not a regular file")]
    public void The_configuration_itself(string make, string reason)
    {
        using var folder = new TemporaryFolder();
        Replace(folder.PathOf("config.toml"), make);
        var result = Cli.Run("check", "--config", folder.PathOf("config.toml"));
        Assert.Equal(1, result.Status);
        Assert.Contains("VPC001", result.Error, StringComparison.Ordinal);
        Assert.Contains($"config.toml cannot be read: {reason}.", result.Error, StringComparison.Ordinal);
        Assert.Contains("'--config -' reads standard input", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Others))]
    [InlineData("ln -s /dev/zero FILE", "it is a character device, not a regular file")]
    public void A_part_of_the_installed_one(string make, string reason)
    {
        using var folder = new TemporaryFolder();
        var (_, root) = Sample.In(folder);
        folder.Write("root/etc/vpn-confinement/config.toml", Sample.Config);
        Directory.CreateDirectory(folder.PathOf("root/etc/vpn-confinement/conf.d"));
        Replace(folder.PathOf("root/etc/vpn-confinement/conf.d/x.toml"), make);
        var result = Cli.Run("check", "--root", root);
        Assert.Equal(1, result.Status);
        Assert.Contains($"conf.d/x.toml cannot be read: {reason}.", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void The_providers_file(string make, string reason)
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        Replace(Path.Combine(root, "etc/wireguard/provider.conf"), make);
        var result = Cli.Run("check", "--config", config, "--root", root);
        Assert.Equal(1, result.Status);
        Assert.Contains("VPC040", result.Error, StringComparison.Ordinal);
        Assert.Contains($"/etc/wireguard/provider.conf cannot be read: {reason}.", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void A_key_file(string make, string reason)
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder, """
            [namespaces.media]
            dns.servers = ["10.64.0.1"]

            [wireguard.interfaces.wg0]
            ips = ["10.64.0.2/32"]
            privateKeyFile = "/etc/wireguard/wg0.key"

            [[wireguard.interfaces.wg0.peers]]
            publicKey = "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0="
            endpoint = "203.0.113.10:51820"
            allowedIPs = ["0.0.0.0/0"]
            """);
        Replace(Path.Combine(root, "etc/wireguard/wg0.key"), make);
        var result = Cli.Run("check", "--config", config, "--root", root);
        if (make.StartsWith("truncate", StringComparison.Ordinal))
        {
            // A key is looked at and not read here; 'apply' reads it.
            Assert.Equal(0, result.Status);
            return;
        }

        Assert.Equal(1, result.Status);
        Assert.Contains($"VPC050: /etc/wireguard/wg0.key cannot be a key file: {reason}.", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkfifo FILE", "it is a named pipe (FIFO)")]
    [InlineData("python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"FILE\")'", "it is a socket")]
    [InlineData("truncate -s 2G FILE", "it is larger than 16 MiB")]
    public void A_unit_and_a_drop_in(string make, string reason)
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        var units = Path.Combine(root, "usr/lib/systemd/system");
        Directory.CreateDirectory(units + "/downloader.service.d");
        foreach (var path in new[] { units + "/downloader.service.d/x.conf", units + "/downloader.service" })
        {
            Replace(path, make);
            var result = Cli.Run("check", "--config", config, "--root", root);
            Assert.Equal(1, result.Status);
            Assert.Contains("VPC108: The unit downloader.service cannot be read", result.Error, StringComparison.Ordinal);
            // Not the whole path: what is as long as a key and looks like one is masked.
            Assert.Contains($"{path[^8..]} cannot be read: {reason}", result.Error, StringComparison.Ordinal);
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("ln -s OUTSIDE FILE")]
    [InlineData("ln -sr OUTSIDE FILE")]
    [InlineData("ln -s /../../../../../../../../..OUTSIDE FILE")]
    public void A_link_below_another_root_does_not_lead_out_of_it(string make)
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        var outside = folder.Write("outside.conf", Sample.Provider);
        var provider = Path.Combine(root, "etc/wireguard/provider.conf");
        Replace(provider, make.Replace("OUTSIDE", outside, StringComparison.Ordinal));
        var refused = Cli.Run("check", "--config", config, "--root", root);
        Assert.Equal(1, refused.Status);
        Assert.Contains("where nothing is", refused.Error, StringComparison.Ordinal);

        // The same link where it leads below the root.
        folder.Write("root" + outside, Sample.Provider);
        folder.Write("root/outside.conf", Sample.Provider);
        var found = Cli.Run("check", "--config", config, "--root", root);
        Assert.Equal((0, true), (found.Status, found.Error.Contains("VPC109", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("printf '\\211PNG\\r\\n\\032\\n' > FILE", "is a PNG picture, not a wg-quick file.")]
    [InlineData("printf 'PK\\003\\004\\377' > FILE", "is a ZIP archive, not a wg-quick file.")]
    [InlineData("printf 'client\\ndev tun\\nremote 203.0.113.9\\n' > FILE", "This is an OpenVPN configuration")]
    public void A_providers_file_of_another_kind_is_one_finding(string make, string said)
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        var provider = Path.Combine(root, "etc/wireguard/provider.conf");
        Replace(provider, make);
        File.SetUnixFileMode(provider, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var result = Cli.Run("check", "--config", config, "--root", root);
        Assert.Equal(1, result.Status);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split("VPC0")[1..], code => code.StartsWith("52", StringComparison.Ordinal));
        Assert.Equal(2, result.Error.Split("VPC0").Length);
    }

    [Fact]
    public void A_folder_of_the_path_that_is_a_link_is_found_below_the_root()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        Replace(Path.Combine(root, "etc/wireguard"), $"mkdir -p {root}/srv; ln -s /srv/keys FILE");
        Directory.CreateDirectory(Path.Combine(root, "srv/keys"));
        folder.Write("root/srv/keys/provider.conf", Sample.Provider);
        Assert.Equal(0, Cli.Run("check", "--config", config, "--root", root).Status);
    }

    [Fact]
    public void A_link_to_nothing_is_told_from_nothing()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        Replace(Path.Combine(root, "etc/wireguard/provider.conf"), "ln -s /nowhere/at/all FILE");
        RequireSaid("/etc/wireguard/provider.conf");
        Replace(config, "ln -s /nowhere/at/all FILE");
        RequireSaid("config.toml");

        void RequireSaid(string file) => Assert.Contains(
            $"{file} is a symbolic link to /nowhere/at/all, where nothing is",
            Cli.Run("check", "--config", config, "--root", root).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_link_to_a_file_is_the_file_and_standard_input_is_read()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        Replace(config, $"ln -s FILE.1 FILE; ln -s FILE.2 FILE.1; echo '{Sample.Config}' > FILE.2");
        Assert.Equal(0, Cli.Run("check", "--config", config, "--root", root).Status);
        Assert.Equal(0, Cli.RunWith(Sample.Config, "check", "--config", "-", "--root", root).Status);
    }

    // Below a folder that a user may write: whatever is there is not written to.
    [Fact]
    public void Build_writes_new_files_only()
    {
        using var folder = new TemporaryFolder();
        var (config, root) = Sample.In(folder);
        Directory.CreateDirectory(folder.PathOf("out"));
        Replace(folder.PathOf("out/etc"), "ln -s /nowhere FILE");
        Assert.Equal(2, Cli.Run("build", "--config", config, "--root", root, "--out", folder.PathOf("out")).Status);
        Assert.Equal(0, Cli.Run("build", "--config", config, "--root", root, "--out", folder.PathOf("new")).Status);
    }

    private static void Replace(string path, string make)
    {
        var line = $"rm -rf {path}; {make.Replace("FILE", path, StringComparison.Ordinal)}";
        using var shell = Process.Start("/bin/sh", ["-ec", line]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
