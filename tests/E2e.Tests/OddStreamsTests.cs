using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// Commands that show something, where a standard stream is closed, its reader is gone or its disk is full, and on a
/// host without IPv6.
/// </summary>
public sealed class OddStreamsTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Lock = "/run/vpn-confinement/locks/apply";

    private static readonly string[] Commands =
    [
        "status", "status media", "status --json", "graph", "graph --format svg", "metrics", "verify media",
        "doctor", "plan", "show", "options", "explain VPC108", "--help", "--version", "status --nonsense",
    ];

    private readonly BadHostFixture _host;

    public OddStreamsTests(BadHostFixture host)
    {
        _host = host;
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.WaitForStatus();
    }

    public void Dispose() => _host.Reset();

    [Fact]
    public void A_stream_that_is_closed_or_without_a_reader_changes_no_exit_status()
    {
        foreach (var command in Commands)
        {
            var status = Run(command, "").ExitCode;
            foreach (var odd in (string[])["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "| true"])
            {
                var result = Run(command, odd);
                Assert.True(result.ExitCode == status, $"{status} without {odd}: {result.Summary}");
                RequireNoFault(result);
            }
        }
    }

    [Fact]
    public void A_full_disk_is_told_in_a_sentence()
    {
        foreach (var command in Commands.Where(c => c != "status --nonsense"))
        {
            var result = Run(command, ">/dev/full");
            Assert.True(result.ExitCode == 3, result.Summary);
            Assert.Contains("No space left on device", result.Error, StringComparison.Ordinal);
            RequireNoFault(result);
        }
    }

    // What is opened first would have the number of a closed stream.
    [Fact]
    public void An_apply_without_streams_writes_its_messages_into_no_file()
    {
        _host.Write(Laboratory.ConfigFile, _host.Config.Replace(
            "publishToHost.tcp = [9091]", "publishToHost.tcp = [9091]\ningress.fromTunnel.tcp = [51413]",
            StringComparison.Ordinal));
        var result = Run("apply", "<&- >&- 2>&-");
        Assert.True(result.ExitCode == 0, result.Summary);
        Assert.Equal("0", _host.Shell($"stat -c %s {Lock}").OrThrow().Output.Trim());
        _host.RequireWhole();
    }

    // RestrictAddressFamilies= answers a socket of IPv6 as a kernel without it does.
    [Theory]
    [InlineData("echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; ", "")]
    [InlineData("", "systemd-run --quiet --pipe --wait --property=RestrictAddressFamilies=~AF_INET6 ")]
    public void Without_IPv6_what_is_right_is_right(string plant, string by)
    {
        try
        {
            _host.Shell(plant + "true").OrThrow();
            foreach (var command in Commands.Where(c => !c.Contains("--nonsense", StringComparison.Ordinal)))
            {
                var result = _host.Shell($"{by}{Laboratory.Product} {command}");
                Assert.True(result.ExitCode == 0, result.Summary + result.Output);
            }
        }
        finally
        {
            _host.Shell("echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6").OrThrow();
        }
    }

    private CommandResult Run(string command, string odd) => _host.Laboratory.Machine.Run(
        "/bin/bash", "-c", $"set -o pipefail; {Laboratory.Product} {command} {odd}");

    private static void RequireNoFault(CommandResult result) => Assert.All(
        (string[])["has a fault", "Unhandled exception", "   at ", "run this as root"],
        said => Assert.DoesNotContain(said, result.Error, StringComparison.Ordinal));
}
