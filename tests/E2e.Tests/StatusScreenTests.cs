using System.Text.Json;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>What <c>status</c> and <c>graph</c> show of a real machine, on a terminal too.</summary>
public sealed class StatusScreenTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    // Runs the program on a terminal of its own, waits for its first frame, acts, and says how it ended.
    private const string OnTerminal = """
        import fcntl, os, pty, re, select, signal, struct, sys, termios, time
        action, stdin = sys.argv[1], sys.argv[2]
        pid, master = pty.fork()
        if pid == 0:
            if stdin == "closed":
                os.close(0)
            os.execve("/usr/bin/vpn-confinement", ["vpn-confinement", "status", "--watch"],
                      {"PATH": "/usr/bin:/bin", "TERM": "xterm", "LC_ALL": "C.UTF-8"})
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
        seen, end = b"", time.time() + 60
        def read(until):
            global seen
            while until not in seen and time.time() < end:
                if select.select([master], [], [], 0.2)[0]:
                    seen += os.read(master, 65536)
            if until not in seen:
                print("not seen:", until, seen[-2000:]); os.kill(pid, 9); sys.exit(1)
        read(b"media"); read(b"\x1b[?2026l")
        if action == "resize":
            seen = b""
            fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
            def narrow():
                frames = [re.sub(rb"\x1b\[[?0-9;]*[a-zA-Z]", b"", f).decode() for f in seen.split(b"\x1b[?2026l")[:-1]]
                return any(max(map(len, f.split("\r\n"))) <= 40 for f in frames)
            while not narrow() and time.time() < end:
                seen += os.read(master, 65536)
            if not narrow():
                print("it keeps its width"); os.kill(pid, 9); sys.exit(1)
            action = "q"
        if action == "q": os.write(master, b"q")
        elif action == "hup": os.kill(pid, signal.SIGHUP)
        elif action == "int": os.kill(pid, signal.SIGINT)
        elif action == "close": os.close(master)
        if action != "close":
            read(b"\x1b[?1049l")
        while time.time() < end:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                print("exit", os.WEXITSTATUS(status) if os.WIFEXITED(status) else "signal %d" % os.WTERMSIG(status))
                sys.exit(0)
            time.sleep(0.05)
        print("it does not end"); os.kill(pid, 9); sys.exit(1)
        """;

    // Runs the program as a job at a terminal, as a shell does: its parent takes the terminal when the job stops, and
    // says in which mode it finds it.
    private const string AsJob = """
        import fcntl, os, pty, re, select, signal, struct, sys, termios, time
        reports, report = os.pipe()
        orders, order = os.pipe()
        pid, master = pty.fork()
        if pid == 0:
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            job = os.fork()
            if job == 0:
                os.setpgid(0, 0); os.tcsetpgrp(0, os.getpid())
                signal.signal(signal.SIGTTOU, signal.SIG_DFL)
                os.execve("/usr/bin/vpn-confinement", ["vpn-confinement", "status", "--watch"],
                          {"PATH": "/usr/bin:/bin", "TERM": "xterm", "LC_ALL": "C.UTF-8"})
            os.write(report, b"%d\n" % job)
            while True:
                status = os.waitpid(job, os.WUNTRACED)[1]
                os.tcsetpgrp(0, os.getpgrp())
                mode = termios.tcgetattr(0)
                isCooked = mode[3] & termios.ICANON and mode[3] & termios.ECHO
                said = "stopped" if os.WIFSTOPPED(status) else "exit"
                os.write(report, (said + (" cooked\n" if isCooked else " raw\n")).encode())
                if not os.WIFSTOPPED(status):
                    os._exit(0)
                os.read(orders, 1)
                mode[3] |= termios.ICANON | termios.ECHO
                termios.tcsetattr(0, termios.TCSANOW, mode)
                os.tcsetpgrp(0, job); os.kill(-job, signal.SIGCONT)
        def fail(why):
            print(why, seen[-1000:]); os.kill(job, 9); sys.exit(1)
        def size(columns):
            fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        def read(what, isSeen):
            global seen
            end = time.time() + 30
            while not isSeen(seen):
                if time.time() > end or not select.select([master], [], [], 30)[0]:
                    fail("no " + what)
                seen += os.read(master, 65536)
        def told(expected):
            if not select.select([reports], [], [], 30)[0]:
                fail("it does not get " + expected)
            said = os.read(reports, 100).decode().strip()
            if said != expected:
                fail(said + " and not " + expected)
        def frames():
            return [re.sub(rb"\x1b\[[?0-9;]*[a-zA-Z]", b"", f).decode() for f in seen.split(b"\x1b[?2026l")[:-1]]
        def isDrawn(columns):
            return lambda _: any("media" in f and max(map(len, f.split("\r\n"))) <= columns for f in frames())
        seen, enter, leave = b"", b"\x1b[?1049h", b"\x1b[?1049l"
        size(60)
        job = int(os.read(reports, 100))
        read("frame", isDrawn(60))
        for stop in (lambda: os.write(master, b"\x1a"), lambda: os.kill(job, signal.SIGTSTP)):
            size(60)
            stop(); read("screen of before", lambda s: s.rstrip().endswith(leave)); told("stopped cooked")
            if select.select([master], [], [], 3)[0]:
                fail("it draws while it is stopped")
            size(40); seen = b""; os.write(order, b"c")
            read("screen again", lambda s: enter in s); read("narrow frame", isDrawn(40))
        # No program can give the screen back before this one; it takes up its keys again.
        os.kill(job, signal.SIGSTOP); told("stopped raw")
        size(30); seen = b""; os.write(order, b"c"); read("frame after SIGSTOP", isDrawn(30))
        os.write(master, b"q"); read("screen of before", lambda s: leave in s); told("exit cooked")
        print("ended")
        """;

    public void Dispose() => host.Reset();

    [Fact]
    public void A_service_that_failed_shows_its_own_last_line()
    {
        host.Write(
            "/etc/systemd/system/breaks.service",
            "[Service]\nDynamicUser=yes\nExecStart=/bin/sh -c 'echo first; echo the disk is gone >&2; exit 3'\n");
        host.Write(Laboratory.ConfigFile, host.Config + "\n[services.breaks.vpn]\nnamespace = \"media\"\n");
        host.Shell("systemctl daemon-reload").OrThrow();
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader; systemctl start breaks").OrThrow();
        host.Laboratory.Machine.RequireUnit("breaks.service", "failed");
        host.Shell("journalctl --sync").OrThrow();
        var status = host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains(
            "✗ breaks.service  failed: it failed (exit-code)", status.Output, StringComparison.Ordinal);
        Assert.Contains("\n        | the disk is gone\n", status.Output, StringComparison.Ordinal);

        // One unit with its namespace and tunnel, and no other.
        var one = host.Product("status", "breaks");
        Assert.Equal(4, one.ExitCode);
        Assert.Contains("| the disk is gone", one.Output, StringComparison.Ordinal);
        Assert.Contains("wg0  endpoint ", one.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("downloader.service", one.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(host.Product("status", "breaks", "--json").Output);
        var services = json.RootElement.GetProperty("namespaces")[0].GetProperty("services");
        var service = Assert.Single(services.EnumerateArray());
        Assert.Equal("the disk is gone", service.GetProperty("lastLine").GetString());
        Assert.DoesNotContain("breaks", host.Product("status", "downloader").Output, StringComparison.Ordinal);

        var unknown = host.Product("status", "medi");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("did you mean 'media'?", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_watch_ends_by_a_key_a_signal_and_a_hang_up()
    {
        host.Product("apply").OrThrow();
        host.Write("/root/terminal.py", OnTerminal);
        foreach (var way in (string[])[
            "q open", "resize open", "int open", "hup open", "close open", "int closed", "close closed"])
        {
            var ended = host.Shell($"python3 /root/terminal.py {way}");
            Assert.True(
                ended.Output.StartsWith("exit ", StringComparison.Ordinal), $"{way}: {ended.Output}{ended.Error}");
        }

        host.Shell("rm /root/terminal.py; ! pgrep -f 'status --[w]atch'").OrThrow();
        Assert.Equal(2, host.Product("status", "--watch").ExitCode);
    }

    [Fact]
    public void A_watch_that_stops_gives_the_terminal_back_and_draws_again_when_it_goes_on()
    {
        host.Product("apply").OrThrow();
        host.Write("/root/terminal.py", AsJob);
        var ended = host.Shell("timeout 300 python3 /root/terminal.py; rm /root/terminal.py");
        Assert.True(ended.Output == "ended\n", ended.Output + ended.Error);
    }

    [Fact]
    public void The_graph_is_of_what_is_applied()
    {
        host.Write(
            Laboratory.ConfigFile,
            host.Config + "\n[[namespaces.media.publish]]\nlisten = \"127.0.0.1:8080\"\nto = 9091\n");
        Assert.Contains("\"nothing is confined\"", host.Product("graph").OrThrow().Output, StringComparison.Ordinal);
        var planned = host.Product("graph", "--config", Laboratory.ConfigFile).OrThrow().Output;
        host.Product("apply").OrThrow();
        var applied = host.Product("graph").OrThrow().Output;
        Assert.Equal(planned, applied);
        Assert.All(
            (string[])[
                "\"namespace media\"", "\"downloader.service\"", "\"tunnel wg0<br/>", "\"127.0.0.1:8080\"",
                "to port 9091",
            ],
            part => Assert.Contains(part, applied, StringComparison.Ordinal));
        Assert.StartsWith("<svg ", host.Product("graph", "--format", "svg").OrThrow().Output, StringComparison.Ordinal);
    }
}
