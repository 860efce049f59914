using VpnConfinement.Linux.Exec;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Tests.Exec;

public sealed class CommandEndTests
{
    [Theory]
    [InlineData(CommandStatus.Started, "1", "0", 0)]
    [InlineData(CommandStatus.Started, "1", "225", 225)]
    [InlineData(CommandStatus.Started, "2", "15", 143)]
    [InlineData(CommandStatus.Started, "3", "11", 139)]
    [InlineData(CommandStatus.Started, "1", "127", 127)]
    [InlineData(CommandStatus.Started, "1", "126", 126)]
    public void What_the_command_did_is_its_own_status(string told, string code, string status, int expected) =>
        Assert.Equal(new CommandEnd(expected, null, null), CommandEnd.Of("media", told, Shown(code, status), false));

    [Theory]
    [InlineData(CommandStatus.Refused, "2", "64")]
    [InlineData(CommandStatus.Started, "", "0")]
    [InlineData(CommandStatus.Started, "0", "0")]
    [InlineData("", "1", "0")]
    [InlineData("", "1", "225")]
    [InlineData("", "0", "0")]
    [InlineData("something else", "1", "0")]
    public void What_is_not_known_to_have_run_is_never_a_success(string told, string code, string status)
    {
        var end = CommandEnd.Of("media", told, Shown(code, status), false);
        Assert.Equal(CommandEnd.Failed, end.Status);
        Assert.NotNull(end.Message);
    }

    [Fact]
    public void What_did_not_start_did_not_run()
    {
        var shown = Shown("0", "0");
        shown["ExecMainStartTimestampMonotonic"] = "0";
        Assert.Equal(CommandEnd.Failed, CommandEnd.Of("media", "", shown, false).Status);
        Assert.Equal(CommandEnd.Failed, CommandEnd.Of("media", "", new Dictionary<string, string>(), false).Status);
    }

    [Fact]
    public void A_tunnel_that_went_counts_before_the_commands_own_status()
    {
        var end = CommandEnd.Of("media", CommandStatus.Started, Shown("1", "0"), true);
        Assert.Equal(CommandEnd.TunnelLost, end.Status);
        var gone = new Dictionary<string, string> { ["LoadState"] = "not-found", ["ActiveState"] = "inactive" };
        Assert.Equal(CommandEnd.TunnelLost, CommandEnd.Of("media", "", gone, true).Status);
    }

    private static Dictionary<string, string> Shown(string code, string status) => new()
    {
        ["LoadState"] = "loaded",
        ["ExecMainCode"] = code,
        ["ExecMainStatus"] = status,
        ["ExecMainStartTimestampMonotonic"] = "12345",
    };
}
