namespace VpnConfinement.Health;

/// <summary>
/// Judges by two counters, from one look to the next, whether what is sent is answered. Idleness is no silence: without anything sent, nothing is
/// ever found missing. A peer of WireGuard answers data within ten seconds, by a keepalive at least (the WireGuard paper, section 6.5).
/// </summary>
public sealed class AnswerJudge
{
    /// <summary>How long a first answer may take: two tries of a handshake, or of a look-up.</summary>
    public static readonly TimeSpan FirstBound = TimeSpan.FromSeconds(10);

    /// <summary>How long sending goes on unanswered until whoever answered before is silent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <summary>A pause in sending after which what was sent before it does not count any more.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(120);

    private (ulong Sent, ulong Received)? _last;
    private TimeSpan? _unansweredSince;
    private TimeSpan _lastSent;
    private bool _everAnswered;

    /// <summary>What the last look came to.</summary>
    public AnswerState State { get; private set; } = AnswerState.Idle;

    /// <summary>Since when it is so, on the clock of <see cref="Look"/>.</summary>
    public TimeSpan Since { get; private set; }

    /// <summary>Judges by one more look.</summary>
    /// <param name="now">Time on a clock that never goes back.</param>
    /// <param name="sent">What was sent so far, of what is owed an answer.</param>
    /// <param name="received">What came back so far.</param>
    /// <param name="answered">Whether something else shows that it has answered before.</param>
    public AnswerState Look(TimeSpan now, ulong sent, ulong received, bool answered = false)
    {
        var last = _last ?? (0, 0);
        if (sent < last.Sent || received < last.Received)
        {
            // Counters made anew: what is on them now was counted since, and whoever answered before may be another one.
            last = (0, 0);
            _unansweredSince = null;
            _everAnswered = false;
        }

        _everAnswered |= answered;

        // The first look knows of no moment at which something came or went.
        if (received != last.Received)
        {
            _unansweredSince = null;
            _everAnswered = true;
        }
        else if (sent != last.Sent && (_last is not null || !_everAnswered))
        {
            _unansweredSince = _unansweredSince is { } since && now - _lastSent <= Pause ? since : now;
            _lastSent = now;
        }

        _last = (sent, received);
        var state = Judge(now, sent);
        if (state != State)
        {
            (State, Since) = (state, state is AnswerState.Silent or AnswerState.Waiting ? _unansweredSince ?? now : now);
        }

        return State;
    }

    // What is silent stays so until something comes: a pause is no answer.
    private AnswerState Judge(TimeSpan now, ulong sent)
    {
        if (_unansweredSince is not { } since)
        {
            return _everAnswered ? AnswerState.Answering : AnswerState.Idle;
        }

        if (!_everAnswered)
        {
            return sent == 0 ? AnswerState.Idle : State is AnswerState.Silent || now - since >= FirstBound ? AnswerState.Silent : AnswerState.Waiting;
        }

        return State is AnswerState.Silent || _lastSent - since >= Patience ? AnswerState.Silent : AnswerState.Answering;
    }
}
