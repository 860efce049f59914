using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;

namespace VpnConfinement.E2e.Tests;

/// <summary>A systemd that does not answer for longer than a caller of its bus waits by itself (25 s): reloading hundreds of units on a slow machine.</summary>
public sealed class BusySystemdTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    public void Dispose() => host.Reset();

    [Fact]
    public void Apply_waits_for_it()
    {
        var systemd = host.Laboratory.Machine.Leader;
        // The first thing sent accepts the connection, which has a limit of its own; the second answers the first question.
        using var strace = Command.Start("strace", "-qq", "-o", "/dev/null", "-p", $"{systemd}", "-e", "trace=sendmsg", "-e", "inject=sendmsg:delay_enter=28000000:when=2");
        try
        {
            Assert.True(SpinWait.SpinUntil(() => File.ReadLines($"/proc/{systemd}/status").Any(l => l.StartsWith("TracerPid:", StringComparison.Ordinal) && !l.EndsWith("\t0", StringComparison.Ordinal)), LabHost.Patience(60)), "strace did not attach");

            var applied = host.Product("apply");

            Assert.True(applied.ExitCode == 0, applied.Error);
        }
        finally
        {
            Command.Run("kill", "-TERM", $"{strace.Id}");
            strace.WaitForExit();
        }
    }
}
