using System.Globalization;
using VpnConfinement.Cli.Output;
using VpnConfinement.Health;
using VpnConfinement.Linux;
using VpnConfinement.Linux.Status;
using VpnConfinement.Linux.Terminals;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>status --watch</c>: looks again and again, and redraws in place.</summary>
/// <param name="read">Looks.</param>
/// <param name="name">The one namespace or unit to show; null for all.</param>
internal sealed class StatusWatch(Func<HostStatus> read, string? name)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private TunnelTraffic? _before;
    private HostStatus? _status;
    private List<StatusRow> _rows = [];
    private string _time = "";

    /// <summary>Runs until a key or a signal ends it, or the terminal is gone.</summary>
    /// <returns>The exit status of what was seen last.</returns>
    internal int Run()
    {
        Look();
        using var screen = WatchedTerminal.Open(WatchFrame.Enter, WatchFrame.Leave);
        while (screen.Draw(Frame()))
        {
            switch (screen.Wait(Pause))
            {
                case TerminalEvent.Elapsed:
                    Look();
                    break;
                case TerminalEvent.Redraw:
                    break;
                case TerminalEvent.End:
                    return ExitStatusOfLast;
                default:
                    throw new InvalidOperationException("an event of an unknown kind");
            }
        }

        return ExitStatusOfLast;
    }

    private int ExitStatusOfLast =>
        _status is { } status ? HealthStates.ExitStatus(status.State) : ExitCodes.CheckInconclusive;

    private void Look()
    {
        var first = _status is null && _rows.Count == 0;
        try
        {
            var all = read();
            var traffic = TunnelTraffic.Now();
            var before = _before;
            _before = traffic;
            _status = name is null ? all : StatusSelection.Of(all, name) ?? throw StatusCommand.Unknown(all, name);
            _rows = [.. new StatusRows(
                _status, DateTimeOffset.UtcNow, ns => before is null ? null : traffic.RateSince(before, ns),
                isBrief: name is null).All()];
        }
        catch (SystemFailure e) when (!first)
        {
            Unseen(e.Message, e.Remedy);
        }
        catch (UnknownName e) when (!first)
        {
            Unseen(e.Message, e.Remedy);
        }

        _time = DateTimeOffset.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
    }

    // An 'apply' or 'remove' may be under way: the next look tells.
    private void Unseen(string message, string? remedy)
    {
        _status = null;
        _rows = [new(0, HealthState.Unknown, remedy is null ? message : $"{message} ({remedy})")];
    }

    private string Frame()
    {
        var style = Terminal.Style;
        IReadOnlyList<string> lines =
        [
            .. StatusScreen.Lines(
                [new(0, null, $"{_time}, every {Pause.TotalSeconds:0} s; q ends"), .. _rows], style),
        ];
        return WatchFrame.Of(lines, Terminal.Height);
    }
}
