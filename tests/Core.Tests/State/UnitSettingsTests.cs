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
        Assert.Contains("ProtectHome", settings.Mentioned("Service"));
    }
}
