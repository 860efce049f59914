using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.State;

public sealed class UnitSettingsTests
{
    [Fact]
    public void Reads_what_systemd_reads()
    {
        var settings = UnitSettings.Read(
        [
            new SourceText("a", "[Service]\n# User=x\n; User=y\nUser = z \nExecStart=/bin/a \\\n# a comment between\n  --b\nBindPaths=/a\nBindPaths=/b\nProtectHome=yes\n"),
            new SourceText("b", "[Service]\r\nBindPaths=\r\nBindPaths=/c\r\nProtectHome=\r\nPrivateNetwork=On\r\n[Install]\r\nUser=nobody\r\n"),
        ]);
        Assert.Equal("z", settings.Last("Service", "User"));
        Assert.Equal("/bin/a    --b", settings.Last("Service", "ExecStart"));
        Assert.Equal(["/c"], settings.All("Service", "BindPaths"));
        Assert.Null(settings.Last("Service", "ProtectHome"));
        Assert.True(settings.IsOn("Service", "PrivateNetwork"));
        Assert.True(settings.Mentions("Service", "ProtectHome"));
        Assert.DoesNotContain("ProtectHome", settings.Set("Service"));
    }

    [Fact]
    public void A_boolean_that_is_none_leaves_what_was_set_before()
    {
        var settings = UnitSettings.Read([new SourceText("a", "[Service]\nPrivateNetwork=yes\nPrivateNetwork=\nPrivateNetwork=maybe\n")]);
        Assert.True(settings.IsOn("Service", "PrivateNetwork"));
    }

    [Fact]
    public void An_escaped_backslash_joins_nothing()
    {
        var settings = UnitSettings.Read([new SourceText("a", "[Service]\nExecStart=/bin/a \\\\\nUser=b\nExecStop=/bin/c \\\nUser=d\n")]);
        Assert.Equal("/bin/a \\\\", settings.Last("Service", "ExecStart"));
        Assert.Equal("b", settings.Last("Service", "User"));
    }

    [Theory]
    [InlineData("a  b\tc", new[] { "a", "b", "c" })]
    [InlineData("\"a b\" 'c d'e", new[] { "a b", "c de" })]
    [InlineData("a\\x20b \\s \\\"q", new[] { "a b", " ", "\"q" })]
    [InlineData("\"\" x", new[] { "", "x" })]
    [InlineData("a\\", new[] { "a\\" })]
    public void Words_are_split_as_systemd_splits_them(string value, string[] words) => Assert.Equal(words, UnitWords.Split(value));
}
