using VpnConfinement.Health;

namespace VpnConfinement.Core.Tests.Health;

/// <summary>What cures the start of a service, by what it said before it failed.</summary>
public sealed class JournalCuresTests
{
    [Theory]
    [InlineData(
        "nginx.service", "nginx: [emerg] socket() [::]:80 failed (97: Address family not supported by protocol)",
        "if it opens IPv6 sockets, write extraAddressFamilies = [\"AF_INET6\"] under [services.nginx.vpn]")]
    [InlineData(
        "app@x.service", "mkdir '/srv/app': Read-only file system",
        "name the folder that it writes in writePaths = [\"/FOLDER\"] under [services.\"app@x\".vpn]")]
    public void A_message_of_the_kernel_names_the_option(string unit, string line, string cure) =>
        Assert.Equal([cure], JournalCures.Of(unit, ["starting", line, line]));

    [Theory]
    [InlineData("nginx.service", "setgid(1000) failed (1: Operation not permitted)")]
    [InlineData("nginx.service", "out of memory")]
    [InlineData("nginx.socket", "Address family not supported by protocol")]
    public void Nothing_else_names_one(string unit, string line) => Assert.Empty(JournalCures.Of(unit, [line]));
}
