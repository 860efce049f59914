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
        pane.WaitForPrompts(1);
        return pane;
    }

    /// <summary>Ends it, and all that runs in it.</summary>
    public void Dispose() => _host.Shell($"{Server} kill-server");

    /// <summary>Presses keys, as tmux(1) names them; other text is typed.</summary>
    internal void Type(params string[] keys) =>
        _host.Shell($"{Server} send-keys {string.Join(' ', keys.Select(Quoted))}").OrThrow();

    /// <summary>Types a line.</summary>
    internal void Enter(string line) => Type(line, "Enter");

    /// <summary>Gives the window another size.</summary>
    internal void Resize(int columns, int lines) =>
        _host.Shell($"{Server} resize-window -x {columns} -y {lines}").OrThrow();

    /// <summary>What the window shows.</summary>
    internal string Screen() => _host.Shell($"{Server} capture-pane -p").OrThrow().Output;

    /// <summary>Waits until the window shows texts.</summary>
    internal void WaitFor(params string[] texts) => WaitFor(
        string.Join(" and ", texts), s => texts.All(t => s.Contains(t, StringComparison.Ordinal)));

    /// <summary>Waits for a prompt, since keys that come before are the last program's.</summary>
    /// <param name="count">How many prompts the window shows then.</param>
    internal void WaitForPrompts(int count) =>
        WaitFor($"{count} prompts", s => s.Split(Prompt).Length > count);

    /// <summary>The same of what is more than a text.</summary>
    internal void WaitFor(string what, Func<string, bool> isShown) =>
        Eventually.See($"{what} in the window", Screen, isShown, () => _host.Laboratory.Machine.Told());

    /// <summary>
    /// Waits until the shell has its terminal back: no program of before has its screen, a hidden cursor, a mode of
    /// keys or of the mouse left on.
    /// </summary>
    internal void WaitUntilSane() => Eventually.See(
        "the terminal is as it was",
        () => _host.Shell(
            $"{Server} display-message -p '#{{alternate_on}} #{{cursor_flag}} #{{keypad_flag}} "
                + "#{keypad_cursor_flag} #{mouse_any_flag} #{insert_flag} #{wrap_flag} #{origin_flag}'")
            .OrThrow().Output,
        flags => flags == "0 1 0 0 0 0 1 0\n", Screen);

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
