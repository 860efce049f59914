using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Tests.Root;

namespace VpnConfinement.Linux.Tests.Files;

[Trait("guarantees", "S-20")]
public sealed class PrivateKeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vpnc-key-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_key_is_one_that_wg_takes_and_its_public_key_is_returned()
    {
        var path = $"{_folder}/deeper/still/wg0.key";
        var publicKey = PrivateKeyFile.Ensure(path);
        Assert.Equal(Shell.Run($"wg pubkey < {path}"), publicKey);
        Assert.Equal("600 45", Shell.Run($"stat -c '%a %s' {path}"));
        Assert.Equal("700 700", Shell.Run($"stat -c %a {_folder}/deeper {_folder}/deeper/still").Replace('\n', ' '));
        var key = Convert.FromBase64String(File.ReadAllText(path).Trim());
        Assert.Equal((0, 64), (key[0] & 7, key[31] & 192));
        Assert.Single(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Theory]
    [InlineData("touch FILE")]
    [InlineData("mkdir FILE")]
    [InlineData("ln -s /nowhere/at/all FILE")]
    [InlineData("echo precious > FILE")]
    public void What_is_there_is_never_overwritten(string before)
    {
        var path = $"{_folder}/wg0.key";
        Shell.Run(before.Replace("FILE", path, StringComparison.Ordinal));
        var listing = Shell.Run($"ls -li {_folder}; cat {path} 2>&1 || :");
        Assert.Null(PrivateKeyFile.Ensure(path));
        Assert.Equal(listing, Shell.Run($"ls -li {_folder}; cat {path} 2>&1 || :"));
    }

    [Fact]
    public void Of_many_at_once_one_makes_it()
    {
        for (var round = 0; round < 20; round++)
        {
            var path = $"{_folder}/{round}.key";
            var made = new string?[8];
            Parallel.For(0, made.Length, i => made[i] = PrivateKeyFile.Ensure(path));
            Assert.Equal(Shell.Run($"wg pubkey < {path}"), Assert.Single(made.OfType<string>()));
        }

        Assert.Equal(20, Directory.EnumerateFileSystemEntries(_folder).Count());
    }

    [Theory]
    [InlineData("mkdir F/theirs; chown 65534 F/theirs", "theirs/wg0.key")]
    [InlineData("mkdir F/theirs; chown 65534 F/theirs", "theirs/deeper/wg0.key")]
    [InlineData("mkdir F/theirs F/elsewhere; chown 65534 F/theirs; ln -s F/elsewhere F/theirs/folder", "theirs/folder/wg0.key")]
    [InlineData("mkdir F/elsewhere; ln -s F/elsewhere F/folder; chown -h 65534 F/folder", "folder/wg0.key")]
    [InlineData("mkdir F/theirs F/elsewhere; chown 65534 F/theirs; ln -s theirs/../elsewhere F/folder", "folder/wg0.key")]
    [InlineData("mkdir -m 777 F/open", "open/deeper/wg0.key")]
    [InlineData("mkdir -m 1777 F/sticky", "sticky/wg0.key")]
    [InlineData("ln -s loop F/loop", "loop/wg0.key")]
    public void Where_another_user_has_a_hand_in_the_path_no_key_is_made(string before, string path)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give files away");
        Shell.Run(before.Replace("F/", _folder + "/", StringComparison.Ordinal));
        Assert.Throws<SystemFailure>(() => PrivateKeyFile.Ensure($"{_folder}/{path}"));
        Assert.Equal("", Shell.Run($"find {_folder} -name '*wg0*' -o -name deeper"));
    }

    [Fact]
    public void A_link_of_roots_own_is_followed()
    {
        Shell.Run($"mkdir {_folder}/a {_folder}/b; ln -s ../b {_folder}/a/link; mkdir -m 1777 {_folder}/sticky");
        Assert.NotNull(PrivateKeyFile.Ensure($"{_folder}/a/link/deeper/wg0.key"));
        Assert.True(File.Exists($"{_folder}/b/deeper/wg0.key"));
        Assert.NotNull(PrivateKeyFile.Ensure($"{_folder}/sticky/deeper/wg0.key"));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_a_clear_failure()
    {
        var failure = Assert.Throws<SystemFailure>(() => PrivateKeyFile.Ensure("/proc/nothing/wg0.key"));
        Assert.Contains("/proc/nothing/wg0.key is missing and cannot be made", failure.Message, StringComparison.Ordinal);
    }
}
