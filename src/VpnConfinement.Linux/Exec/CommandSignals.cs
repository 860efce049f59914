using System.Runtime.InteropServices;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Exec;

/// <summary>Hands signals to the command, all processes of its unit, instead of ending by them.</summary>
internal sealed class CommandSignals : IDisposable
{
    private static readonly (PosixSignal Signal, int Number)[] Forwarded =
    [
        (PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGTERM, 15),
    ];

    private readonly string _unit;
    private readonly List<PosixSignalRegistration> _registrations;
    private volatile bool _isOver;
    private volatile int _first;

    internal CommandSignals(string unit)
    {
        _unit = unit;
        _registrations = [.. Forwarded.Select(f => PosixSignalRegistration.Create(f.Signal, context =>
        {
            context.Cancel = true;
            Interlocked.CompareExchange(ref _first, f.Number, 0);
            Forward(f.Number);
        }))];
    }

    /// <summary>The number of the first signal that came; null where none did.</summary>
    internal int? First => _first == 0 ? null : _first;

    /// <summary>Waits a moment; true where a signal has come, and nothing is to be waited for.</summary>
    internal bool Waits(TimeSpan moment)
    {
        Thread.Sleep(moment);
        return First is not null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _registrations.ForEach(r => r.Dispose());
    }

    // It may come before the unit has a process: until then systemd refuses it.
    private void Forward(int number)
    {
        while (!_isOver && !Systemctl.OfUnits().TryKill(_unit, number))
        {
            Thread.Sleep(50);
        }
    }
}
