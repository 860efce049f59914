using VpnConfinement.Lab.Machines;

namespace VpnConfinement.E2e.Tests;

/// <summary>A shell in a window of a tmux on a machine's own network, at which a test types.</summary>
internal sealed class Pane : IDisposable
{
    private const string Prompt = "ready>";

    private readonly BadHostFixture _host;
    private readonly string _name;

    private Pane(BadHostFixture host, string name) => (_host, _name) = (host, name);

    /// <summary>The tmux of the test, of which others can ask work.</summary>
    internal string Server => $"tmux -L {_name} -f /dev/null";

    /// <summary>Opens one, and waits for its prompt.</summary>
    /// <param name="host">The machine, with tmux.</param>
    /// <param name="name">What the tmux is called.</param>
    /// <param name="columns">Width of the window.</param>
    /// <param name="lines">Its height.</param>
    /// <param name="before">What the shell is run by, such as <c>setpriv ...</c>.</param>
    internal static Pane Open(BadHostFixture host, string name, int columns, int lines, string before = "")
    {
        var pane = new Pane(host, name);
        host.Shell(
            $"cd /root; LC_ALL=C.UTF-8 {pane.Server} new-session -d -x {columns} -y {lines} "
                + $"\"{before} env 'PS1={Prompt} ' bash --norc\" ';' set-option -g status off").OrThrow();
        pane.WaitForPrompt("");
        return pane;
    }

    /// <summary>Ends it, and all that runs in it.</summary>
    public void Dispose() => _host.Shell($"{Server} kill-server");

    /// <summary>Presses keys, as tmux(1) names them; other text is typed.</summary>
    internal void Type(params string[] keys) =>
        _host.Shell($"{Server} send-keys {string.Join(' ', keys.Select(Quoted))}").OrThrow();

    /// <summary>Types a line.</summary>
    internal void Enter(string line) => Type(line, "Enter");

    /// <summary>Presses keys again and again, until the window shows texts.</summary>
    internal void TypeUntil(string[] keys, params string[] texts) => Eventually.See(
        string.Join(" and ", texts),
        () =>
        {
            Type(keys);
            Thread.Sleep(500);
            return Screen();
        },
        s => texts.All(t => s.Contains(t, StringComparison.Ordinal)));

    /// <summary>Gives the window another size.</summary>
    internal void Resize(int columns, int lines) =>
        _host.Shell($"{Server} resize-window -x {columns} -y {lines}").OrThrow();

    /// <summary>
    /// Waits until the shell's terminal has a size. Keys that come after a new one may get through before it.
    /// </summary>
    internal void WaitForSize(int columns, int lines)
    {
        var said = $"{columns}-by-{lines}";
        Enter($"until [ \"$(stty size)\" = '{lines} {columns}' ]; do sleep 0.1; done; echo {columns}-by-$(({lines}))");
        WaitFor(said);
    }

    /// <summary>What the window shows.</summary>
    internal string Screen() => _host.Shell($"{Server} capture-pane -p").OrThrow().Output;

    /// <summary>Waits until the window shows texts.</summary>
    internal void WaitFor(params string[] texts) => WaitFor(
        string.Join(" and ", texts), s => texts.All(t => s.Contains(t, StringComparison.Ordinal)));

    /// <summary>Waits for a prompt, since keys that come before are the last program's.</summary>
    /// <param name="before">What stands right before it.</param>
    internal void WaitForPrompt(string before) => WaitFor(before + Prompt);

    /// <summary>The same of what is more than a text.</summary>
    internal void WaitFor(string what, Func<string, bool> isShown) =>
        Eventually.See($"{what} in the window", Screen, isShown, () => _host.Laboratory.Machine.Told());

    /// <summary>
    /// Waits until the shell has its terminal back and has prompted: no program of before has its screen, a hidden
    /// cursor, a mode of keys or of the mouse left on.
    /// </summary>
    internal void WaitUntilSane()
    {
        WaitForFlags();
        WaitFor("a prompt at the end", s => s.TrimEnd().EndsWith(Prompt, StringComparison.Ordinal));
    }

    private void WaitForFlags() => Eventually.See(
        "the terminal is as it was",
        () => _host.Shell(
            $"{Server} display-message -p '#{{alternate_on}} #{{cursor_flag}} #{{keypad_flag}} "
                + "#{keypad_cursor_flag} #{mouse_any_flag} #{insert_flag} #{wrap_flag} #{origin_flag}'")
            .OrThrow().Output,
        flags => flags == "0 1 0 0 0 0 1 0\n", Screen);

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
