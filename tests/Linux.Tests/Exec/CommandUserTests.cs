using VpnConfinement.Linux.Exec;

namespace VpnConfinement.Linux.Tests.Exec;

public sealed class CommandUserTests
{
    [Theory]
    [InlineData(null, "0")]
    [InlineData(null, "1000", "SUDO_UID=1000")]
    [InlineData(null, "1000", "PKEXEC_UID=1000")]
    [InlineData(null, "bob", "DOAS_USER=bob")]
    [InlineData("alice", "alice")]
    [InlineData("alice", "alice", "SUDO_UID=1000", "DOAS_USER=bob")]
    public void The_user_is_the_one_named_or_the_one_who_called(
        string? chosen, string expected, params string[] variables) =>
        Assert.Equal(expected, Of(chosen, variables));

    [Theory]
    [InlineData("")]
    [InlineData("-x")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("%i")]
    [InlineData(null, "SUDO_UID=bob")]
    [InlineData(null, "SUDO_UID=-1")]
    [InlineData(null, "SUDO_UID=")]
    [InlineData(null, "PKEXEC_UID=x")]
    [InlineData(null, "DOAS_USER=")]
    [InlineData(null, "DOAS_USER=-x")]
    [InlineData(null, "SUDO_UID=0", "DOAS_USER=bob")]
    [InlineData(null, "PKEXEC_UID=0", "DOAS_USER=bob")]
    [InlineData(null, "SUDO_UID=1000", "PKEXEC_UID=0")]
    public void What_is_no_user_or_may_be_another_is_refused(string? chosen, params string[] variables) =>
        Assert.Throws<SystemFailure>(() => Of(chosen, variables));

    private static string Of(string? chosen, string[] variables)
    {
        var all = variables.Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);
        return CommandUser.Of(chosen, name => all.GetValueOrDefault(name));
    }
}
