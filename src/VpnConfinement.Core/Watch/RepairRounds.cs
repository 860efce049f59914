namespace VpnConfinement.Watch;

/// <summary>
/// Repairs in place of what somebody changes again and again: after some rounds they are put off, ever longer, so that
/// two programs do not fight for ever. Pure: times are given, in milliseconds of any one clock.
/// </summary>
public sealed class RepairRounds
{
    /// <summary>Rounds within <see cref="Window"/> after which a part counts as contested.</summary>
    public const int Most = 10;

    /// <summary>Milliseconds in which rounds are counted.</summary>
    public const long Window = 60_000;

    private readonly Queue<long> _recent = new();
    private long _pause;
    private long _next;

    /// <summary>Whether somebody undoes what is repaired.</summary>
    public bool IsContested { get; private set; }

    /// <summary>Whether a repair that can wait may be made now.</summary>
    public bool MayRepair(long now) => !IsContested || now >= _next;

    /// <summary>A repair was made.</summary>
    public void Repaired(long now)
    {
        if (IsContested)
        {
            _pause = Math.Min(2 * _pause, RepairMachine.LongestPause);
            _next = now + _pause;
            return;
        }

        _recent.Enqueue(now);
        while (_recent.Peek() < now - Window)
        {
            _recent.Dequeue();
        }

        if (_recent.Count >= Most)
        {
            IsContested = true;
            _pause = RepairMachine.FirstPause;
            _next = now + _pause;
        }
    }

    /// <summary>Nothing differs. Where that lasts until the next repair is due, the contest is over.</summary>
    public void Whole(long now)
    {
        if (IsContested && now >= _next)
        {
            IsContested = false;
            _recent.Clear();
        }
    }
}
