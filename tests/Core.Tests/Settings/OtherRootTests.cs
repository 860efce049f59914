namespace VpnConfinement.Core.Tests.Settings;

/// <summary>What the drop-in has for a unit that sees another file system than the host's, whichever setting says so.</summary>
[Trait("guarantees", "S-27 S-33")]
public sealed class OtherRootTests
{
    // Under strict DNS such a unit is refused (VPC087).
    private const string Compat = "dns.mode = \"compat\"";

    // Something is bound below it, which needs a folder to be in.
    private const string Bind = "BindPaths=/srv/x:/var/lib/incus/x\n";
    private const string Made = "TemporaryFileSystem=/var/lib/incus:ro\n";
    private const string Found = "InaccessiblePaths=-/var/lib/incus\n";
    private const string GateBind = "vpn-confinement-gate\n";

    [Theory]
    [InlineData("RootDirectory=/srv/root")]
    [InlineData("RootImage=/srv/root.img")]
    [InlineData("RootMStack=/srv/root.mstack")]
    public void Below_another_root_no_folder_is_made_to_be_masked(string line)
    {
        var dropIn = SettingCases.DropIn(Bind + line, Compat);
        Assert.Contains(Found, dropIn, StringComparison.Ordinal);
        Assert.DoesNotContain(Made, dropIn, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("RootDirectory=/")]
    [InlineData("RootMStack=")]
    public void Below_the_hosts_root_it_is_made(string line) =>
        Assert.Contains(Made, SettingCases.DropIn(Bind + line, Compat), StringComparison.Ordinal);

    [Theory]
    [InlineData("RootDirectory=/srv/root", true)]
    [InlineData("RootImage=/srv/root.img", true)]
    [InlineData("RootMStack=/srv/root.mstack", true)]
    [InlineData("InaccessiblePaths=/opt", true)]
    [InlineData("InaccessibleDirectories=/opt", true)]
    [InlineData("TemporaryFileSystem=/opt", true)]
    [InlineData("ReadOnlyPaths=/opt", false)]
    public void The_gates_program_is_bound_where_it_could_be_hidden(string line, bool isBound) => Assert.Equal(
        isBound,
        SettingCases.DropIn(line, Compat).Split("BindReadOnlyPaths=").Skip(1)
            .Any(bind => bind[..(bind.IndexOf('\n', StringComparison.Ordinal) + 1)].EndsWith(GateBind, StringComparison.Ordinal)));
}
