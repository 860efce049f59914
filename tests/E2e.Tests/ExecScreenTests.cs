using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>Programs that fill the screen, in a window of a tmux: vim, less, a tmux of the namespace.</summary>
public sealed class ExecScreenTests : IClassFixture<ExecMachine>
{
    // Of vim.
    private static readonly string[] AskSize = ["Escape", ":set columns? lines?", "Enter"];

    private readonly ExecMachine _machine;

    public ExecScreenTests(ExecMachine machine)
    {
        _machine = machine;
        machine.UnpackPrograms();
    }

    [Fact]
    public void Vim_takes_keys_and_sizes_writes_its_file_and_leaves_the_terminal_as_it_was()
    {
        using var pane = Pane.Open(_machine.Host, "vim", 101, 33);
        pane.Enter("stty -g >before");
        pane.Enter("vpn-confinement exec media -- vim.tiny -u NONE text");
        pane.WaitFor("\"text\" [New");
        pane.Type("i", "from ins\u00efde", "Enter", "and Ctrl-C");

        // A terminal drops keys that were not read before Ctrl-C.
        pane.WaitFor("from ins\u00efde\nand Ctrl-C\n");
        pane.Type("C-c");
        pane.TypeUntil(AskSize, "columns=101", "lines=33");
        pane.Resize(70, 20);
        pane.TypeUntil(AskSize, "columns=70", "lines=20");
        pane.Type("Escape");

        // It has no shell to be suspended for: it goes on.
        pane.Type("C-z");
        pane.Enter("oafter Ctrl-Z");
        pane.Type("Escape");
        pane.Enter(":wq");
        pane.WaitUntilSane();
        pane.Enter("stty -g | cmp - before; echo end-$?");
        pane.WaitFor("end-0");
        Assert.Equal("from ins\u00efde\nand Ctrl-C\nafter Ctrl-Z\n\n", _machine.Host.Read("/root/text"));
        _machine.RequireNothingLeft();
    }

    [Fact]
    public void Less_follows_the_size_searches_and_is_interrupted_alone()
    {
        _machine.Host.Shell("seq 1 500 >/root/numbers").OrThrow();
        using var pane = Pane.Open(_machine.Host, "less", 101, 33);
        pane.Enter("stty -g >before");
        pane.Enter("vpn-confinement exec media -- less numbers");
        pane.WaitFor("lines 1 to 32", s => s.StartsWith("1\n2\n", StringComparison.Ordinal)
            && s.Contains("\n32\n", StringComparison.Ordinal));

        // Between its look at the size and the next key it may miss one.
        pane.Resize(60, 12);
        pane.WaitFor("lines 1 to 11", s => s.Contains("\n11\n:", StringComparison.Ordinal));
        pane.Type("G");
        pane.WaitFor("lines 490 to 500", s => s.StartsWith("490\n", StringComparison.Ordinal)
            && s.Contains("\n500\n", StringComparison.Ordinal));
        pane.Type("g");
        pane.Enter("/^250$");
        pane.WaitFor("line 250 at the top", s => s.StartsWith("250\n", StringComparison.Ordinal));

        // It waits for more until it is interrupted.
        pane.Type("F");
        pane.WaitFor("Waiting for data");
        _machine.Host.Shell("echo appended >>/root/numbers").OrThrow();
        pane.WaitFor("appended");
        pane.Type("C-c");
        pane.WaitFor("(END)");
        pane.Type("g");
        pane.WaitFor("line 1 at the top", s => s.StartsWith("1\n2\n", StringComparison.Ordinal));
        pane.Type("q");
        pane.WaitUntilSane();
        pane.Enter("stty -g | cmp - before; echo end-$?");
        pane.WaitFor("end-0");
        _machine.RequireNothingLeft();
    }

    [Fact]
    public void A_tmux_of_the_namespace_has_its_network_and_ends_with_its_caller()
    {
        using var pane = Pane.Open(_machine.Host, "outer", 101, 33);
        var watch = UplinkWatch.Begin(_machine.Host.Laboratory);
        pane.Enter("vpn-confinement exec media -- tmux -L inner -f /dev/null new-session bash --norc");
        pane.WaitFor("[0] 0:bash");
        pane.WaitForSize(101, 32);
        pane.Enter("echo got-$TMUX_PANE");
        pane.WaitFor("got-%0");
        pane.Resize(80, 24);
        pane.WaitForSize(80, 23);
        pane.Enter($"curl -sS http://{Addresses.Web}/");
        pane.WaitFor($"{Addresses.Provider}");

        // The one outside would run what it is asked to on the host's network.
        pane.Enter($"{pane.Server} run-shell 'touch /root/asked' || echo refused-$((40 + 2))");
        pane.WaitFor("refused-42");
        Assert.False(_machine.Host.Exists("/root/asked"));
        _machine.Host.Shell($"{pane.Server} run-shell 'touch /root/asked'").OrThrow();
        Assert.True(_machine.Host.Exists("/root/asked"));
        watch.RequireTunnelOnly("a tmux asked the world");

        pane.Type("C-b", "d");
        pane.WaitUntilSane();
        pane.WaitFor("[detached");
        _machine.RequireNothingLeft();
        Assert.Equal(0, _machine.Count("tmux -L inner"));
    }
}
