using System.Diagnostics;
using System.Runtime.InteropServices;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Terminals;

/// <summary>
/// A terminal that is drawn on until it is left: keys come one by one and are not shown, and the screen of before comes
/// back at the end. Standard input may be closed or something else; then only signals end it.
/// </summary>
public sealed class WatchedTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const byte ControlD = 4;

    // As long as a signal waits to be seen. Its handler runs on another thread.
    private const int SliceMilliseconds = 100;

    private readonly string _enter;
    private readonly string _leave;
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly List<PosixSignalRegistration> _signals = [];
    private TerminalMode? _mode;
    private volatile bool _isEnded;
    private volatile bool _isResized;
    private volatile bool _isSuspended;
    private volatile bool _isContinued;

    private WatchedTerminal(string enter, string leave)
    {
        (_enter, _leave) = (enter, leave);
        On(() => _isEnded = true, PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT);
        On(() => _isResized = true, PosixSignal.SIGWINCH);
        On(() => _isSuspended = true, PosixSignal.SIGTSTP);
        On(() => _isContinued = true, PosixSignal.SIGCONT);
        Enter();
    }

    /// <summary>Takes the terminal.</summary>
    /// <param name="enter">What to write first.</param>
    /// <param name="leave">What to write at the end.</param>
    public static WatchedTerminal Open(string enter, string leave) => new(enter, leave);

    /// <summary>Draws.</summary>
    /// <returns>False where the terminal is gone.</returns>
    public bool Draw(string frame)
    {
        try
        {
            _output.Write(System.Text.Encoding.UTF8.GetBytes(frame));
            _output.Flush();
            return true;
        }
        catch (IOException)
        {
            // EIO of a terminal that hung up (tty_hangup of the kernel): there is nobody to tell.
            return false;
        }
    }

    /// <summary>Waits for a key, a signal or the end of a time.</summary>
    public TerminalEvent Wait(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        while (!_isEnded)
        {
            if (_isSuspended)
            {
                Suspend();
                return TerminalEvent.Redraw;
            }

            // After SIGSTOP, which comes without a word: the shell has set its own mode meanwhile.
            if (_isContinued)
            {
                _isContinued = false;
                _mode?.Again();
                return TerminalEvent.Redraw;
            }

            if (_isResized)
            {
                _isResized = false;
                return TerminalEvent.Redraw;
            }

            if (Stopwatch.GetElapsedTime(start) >= time)
            {
                return TerminalEvent.Elapsed;
            }

            if (_mode is null)
            {
                Thread.Sleep(SliceMilliseconds);
            }
            else if (IsEndTyped())
            {
                break;
            }
        }

        return TerminalEvent.End;
    }

    /// <summary>Gives the terminal back.</summary>
    public void Dispose()
    {
        Leave();
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _output.Dispose();
    }

    private void On(Action happened, params ReadOnlySpan<PosixSignal> signals)
    {
        foreach (var signal in signals)
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                happened();
            }));
        }
    }

    private void Enter()
    {
        _mode = TerminalMode.ReadKeys(StandardInput);
        Draw(_enter);
    }

    private void Leave()
    {
        Draw(_leave);
        _mode?.Restore();
        _mode = null;
    }

    // As if the signal had its default effect, with the screen of the shell in place meanwhile.
    private void Suspend()
    {
        _isSuspended = false;
        Leave();
        TerminalInput.StopSelf();
        Enter();
    }

    private static bool IsEndTyped()
    {
        Span<byte> keys = stackalloc byte[64];
        if (!TerminalInput.Wait(StandardInput, SliceMilliseconds))
        {
            return false;
        }

        // Without a line mode, the end of input is a character.
        var count = TerminalInput.Read(StandardInput, keys);
        return count <= 0 || keys[..count].ContainsAny((byte)'q', (byte)'Q', ControlD);
    }
}
