using System.Diagnostics;
using System.Globalization;
using VpnConfinement.Linux.Namespaces;

namespace VpnConfinement.Linux.Tests.Root;

[Trait("guarantees", "S-28")]
[Collection("root")]
public sealed class ProcessNetnsTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(3);

    // Between giving up its namespaces and being a zombie a process is neither: 'status' could not tell where it was.
    [Fact]
    public void A_process_on_its_way_out_has_ended_and_is_not_unknown()
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "while :; do /bin/true & /bin/true & /bin/true & wait; done"]))!;
        var (seen, unknown) = (0, 0);
        try
        {
            var own = ProcessNetns.Of(Environment.ProcessId, out _);
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < Long;)
            {
                foreach (var child in File.ReadAllText($"/proc/{shell.Id}/task/{shell.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    var place = ProcessNetns.Of(int.Parse(child, CultureInfo.InvariantCulture), out var ended);
                    seen += place == own ? 1 : 0;
                    unknown += place is null && !ended ? 1 : 0;
                }
            }
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }

        Assert.NotEqual(0, seen);
        Assert.Equal(0, unknown);
    }

    // Its first thread is a zombie; what it holds open is still open.
    [Fact]
    public void A_process_whose_first_thread_has_ended_has_not()
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3",
            ["-c", "import ctypes, threading, time\nthreading.Thread(target=lambda: time.sleep(60)).start()\nctypes.CDLL(None).syscall(60 if __import__('platform').machine() == 'x86_64' else 93, 0)"]))!;
        try
        {
            var stat = $"/proc/{process.Id}/stat";
            Assert.True(SpinWait.SpinUntil(
                () => File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal), TimeSpan.FromMinutes(1)));
            ProcessNetns.Of(process.Id, out var ended);
            Assert.False(ended);
            Assert.True(ProcessNetns.IsOurs(process.Id));
        }
        finally
        {
            process.Kill();
        }
    }
}
