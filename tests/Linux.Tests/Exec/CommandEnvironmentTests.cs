using VpnConfinement.Linux.Exec;

namespace VpnConfinement.Linux.Tests.Exec;

public sealed class CommandEnvironmentTests
{
    [Theory]
    [InlineData("LANG", true)]
    [InlineData("PATH", true)]
    [InlineData("HOME", false)]
    [InlineData("SSH_AUTH_SOCK", false)]
    [InlineData("DBUS_SESSION_BUS_ADDRESS", false)]
    [InlineData("XDG_RUNTIME_DIR", false)]
    [InlineData("https_proxy", false)]
    [InlineData("ALL_PROXY", false)]
    [InlineData("NOTIFY_SOCKET", false)]
    [InlineData("SUDO_UID", false)]
    [InlineData("BASH_FUNC_x%%", false)]
    [InlineData("1ST", false)]
    public void Of_the_callers_variables_those_pass_that_lead_nowhere(string name, bool passes) =>
        Assert.Equal(passes, Choose(new() { [name] = "x" }).ContainsKey(name));

    [Fact]
    public void A_value_that_systemd_would_pass_over_is_left_out() =>
        Assert.Equal(["PWD", "TWO"], Choose(new() { ["ONE"] = "\u001b[0m", ["TWO"] = "a\n\tb", ["X"] = "\ufffd" }).Keys);

    [Fact]
    public void One_that_is_asked_for_is_given_or_refused()
    {
        Assert.Equal(":0", Choose(new() { ["DISPLAY"] = ":0" }, "DISPLAY")["DISPLAY"]);
        Assert.Equal("a=b", Choose([], "ONE=a=b")["ONE"]);
        Assert.Throws<SystemFailure>(() => Choose([], "NONE"));
        Assert.Throws<SystemFailure>(() => Choose([], "A B=1"));
    }

    [Fact]
    public void Values_are_quoted_as_systemd_reads_them() => Assert.Equal(
        "ONE=\"a \\\"b\\\" \\$c \\\\d \\`e\\` 'f'\"\n",
        CommandEnvironment.Text(new Dictionary<string, string> { ["ONE"] = "a \"b\" $c \\d `e` 'f'" }));

    private static SortedDictionary<string, string> Choose(Dictionary<string, string> ours, params string[] asked) =>
        CommandEnvironment.Choose(ours, asked, "/srv");
}
