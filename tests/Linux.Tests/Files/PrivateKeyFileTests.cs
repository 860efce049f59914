using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Tests.Root;

namespace VpnConfinement.Linux.Tests.Files;

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

    [Fact]
    public void A_folder_that_cannot_be_written_is_a_clear_failure()
    {
        var failure = Assert.Throws<SystemFailure>(() => PrivateKeyFile.Ensure("/proc/nothing/wg0.key"));
        Assert.Contains("/proc/nothing/wg0.key is missing and cannot be made", failure.Message, StringComparison.Ordinal);
    }
}
