namespace VpnConfinement.Health;

/// <summary>
/// Judges a WireGuard peer by its counters, from one look at it to the next. Nobody is pinged: who answers a ping is a stranger. What the device sends
/// by itself counts only until the first handshake: a handshake is owed an answer, a keepalive is not (the WireGuard paper, sections 5 and 6).
/// </summary>
public sealed class PeerHealthJudge
{
    // What a peer is sent in a second without data (drivers/net/wireguard/messages.h): a keepalive has 32 bytes, the beginning of a handshake 148,
    // the answer to one 92. Data has at least 64.
    private static readonly ulong[] Upkeep = [0, 32, 92, 124, 148, 180];

    // A peer that hears nothing begins handshakes by itself: that is no answer to anything.
    private const ulong Initiation = 148;

    private AnswerJudge _judge = new();
    private (ulong Received, ulong Sent, ulong? Data)? _last;
    private ulong _data;
    private ulong _answers;

    /// <summary>What the last look came to.</summary>
    public AnswerState State => _judge.State;

    /// <summary>Since when it is so, on the clock of <see cref="Look"/>.</summary>
    public TimeSpan Since => _judge.Since;

    /// <summary>Judges by one more look.</summary>
    /// <param name="now">Time on a clock that never goes back.</param>
    /// <param name="hasHandshake">Whether there ever was a handshake with it.</param>
    /// <param name="received">Bytes received from it so far, by the device's count.</param>
    /// <param name="sent">Bytes sent to it so far, by the device's count: handshakes and keepalives included.</param>
    /// <param name="data">Packets that the ruleset let into the tunnel so far; null where that is not known.</param>
    /// <param name="isAlone">Whether it is the only peer, so that all that entered the tunnel was meant for it.</param>
    public AnswerState Look(TimeSpan now, bool hasHandshake, ulong received, ulong sent, ulong? data, bool isAlone)
    {
        if (_last is { } last)
        {
            if (received < last.Received || sent < last.Sent)
            {
                // A device made anew.
                (_judge, _data, _answers) = (new AnswerJudge(), 0, 0);
                last = (0, 0, data);
            }

            var entered = data is null || last.Data is null || data != last.Data;
            _data += entered && (!Upkeep.Contains(sent - last.Sent) || (isAlone && data is not null && data != last.Data)) ? 1UL : 0;
            _answers += received != last.Received && received - last.Received != Initiation ? 1UL : 0;
        }

        _last = (received, sent, data);
        return _judge.Look(now, hasHandshake ? _data : sent, _answers, hasHandshake);
    }
}
