using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>Commands at a terminal: one of their own, whose keys, size and jobs are those of a shell.</summary>
public sealed class ExecTerminalTests(ExecMachine machine) : IClassFixture<ExecMachine>
{
    private const string Shell = "python3 /root/talk.py vpn-confinement exec media -- bash --norc -i";

    private const string Talk = """
        import fcntl, os, pty, select, struct, sys, termios, time
        def size(rows, columns):
            fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
        text = ''
        def until(word):
            global text
            end = time.time() + 30
            while word not in text:
                if time.time() > end or not select.select([fd], [], [], 30)[0]:
                    sys.exit('no ' + repr(word) + ' in ' + repr(text))
                text += os.read(fd, 4096).decode()
            text = text[text.index(word) + len(word):]
        def type(keys):
            os.write(fd, keys.encode())
        pid, fd = pty.fork()
        if pid == 0:
            os.environ['PS1'] = 'ready> '
            os.execvp(sys.argv[1], sys.argv[1:])
        size(33, 101)

        """;

    [Fact]
    public void A_shell_has_job_control_and_the_size_of_the_terminal()
    {
        machine.Host.Write("/root/talk.py", Talk + """
            until('ready> ')
            type('stty size\r'); until('33 101')
            size(44, 102); time.sleep(1)
            type('stty size\r'); until('44 102')
            type('sleep 4720\r'); time.sleep(1); type('\x03'); type('echo got-$?\r'); until('got-130')
            type('sleep 4721\r'); time.sleep(1); type('\x1a'); until('Stopped')
            type('fg\r'); time.sleep(1); type('\x03'); type('echo got-$?\r'); until('got-130')
            type('exit 9\r')
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """);
        var result = machine.Host.Shell(Shell);
        Assert.Equal((0, "9\n", ""), (result.ExitCode, result.Output, result.Error));
        machine.RequireNothingLeft();
    }

    [Fact]
    public void The_callers_terminal_is_not_the_commands()
    {
        machine.Host.Write("/root/talk.py", Talk + $"""
            until('{Addresses.Provider}')
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """);
        var ask = ExecMachine.AskForAddress.Replace("\\", "\\\\", StringComparison.Ordinal);
        var result = machine.Host.Shell($"python3 /root/talk.py vpn-confinement exec media -- bash -c \"tty; {ask}\"");
        Assert.Equal((0, "0\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void Asked_for_a_terminal_it_is_given_one_though_its_output_is_a_pipe()
    {
        machine.Host.Write("/root/talk.py", Talk + """
            until('piped tty /dev/pts'); until('piped 24 80')
            type('one line\r'); until('piped got one line')
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """);
        machine.Host.Write("/root/line", """
            set -o pipefail
            vpn-confinement exec --tty media -- bash -c '
                echo tty $(tty); sleep 1; stty size; read -r l; echo got $l; exit 9' | sed -u 's/^/piped /'
            """);
        var result = machine.Host.Shell("timeout 60 python3 /root/talk.py bash /root/line");
        Assert.Equal((0, "9\n", ""), (result.ExitCode, result.Output, result.Error));
        machine.RequireNothingLeft();
    }

    [Fact]
    public void Asked_for_a_terminal_without_one_to_read_from_it_refuses_and_reads_nothing()
    {
        machine.Host.Write("/root/talk.py", Talk + """
            until('--tty needs a terminal on standard input'); until('kept 125')
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """);
        machine.Host.Write("/root/line", """
            echo kept | { vpn-confinement exec --tty media -- touch /srv/ran; e=$?; read -r l; echo $l $e; }
            """);
        var result = machine.Host.Shell("timeout 60 python3 /root/talk.py bash /root/line");
        Assert.Equal((0, "0\n", ""), (result.ExitCode, result.Output, result.Error));
        Assert.False(machine.Host.Exists("/srv/ran"));
        machine.RequireNothingLeft();
    }

    [Fact]
    public void A_terminal_that_hangs_up_ends_the_command()
    {
        machine.Host.Write("/root/talk.py", Talk + """
            until('ready> ')
            type('sleep 4722\r'); time.sleep(1)
            os.close(fd)
            os.waitpid(pid, 0)
            """);
        machine.Host.Shell(Shell).OrThrow();
        Assert.Equal(0, machine.Count("sleep 4722"));
        machine.RequireNothingLeft();
    }
}
