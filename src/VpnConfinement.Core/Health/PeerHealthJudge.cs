namespace VpnConfinement.Health;

/// <summary>
/// Judges a WireGuard peer by the age of its last handshake and by its traffic, from one look at it to the next. Nobody is pinged: who answers a ping
/// is a stranger. The times are WireGuard's own (the WireGuard paper, section 6; drivers/net/wireguard/messages.h).
/// </summary>
public sealed class PeerHealthJudge
{
    /// <summary>REJECT_AFTER_TIME: older sessions are not used any more.</summary>
    public static readonly TimeSpan SessionLife = TimeSpan.FromSeconds(180);

    /// <summary>Three times REKEY_TIMEOUT, after which each unanswered handshake is tried again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private (ulong Received, ulong Sent)? _last;
    private TimeSpan? _unansweredSince;

    /// <summary>Judges by one more look.</summary>
    /// <param name="now">Time on a clock that never goes back.</param>
    /// <param name="handshakeAge">Age of the last handshake, or null where there was none.</param>
    /// <param name="received">Bytes received from the peer so far.</param>
    /// <param name="sent">Bytes sent to it so far, handshakes included.</param>
    public PeerHealth Look(TimeSpan now, TimeSpan? handshakeAge, ulong received, ulong sent)
    {
        var last = _last ?? (received, sent);
        _last = (received, sent);
        if (received != last.Received || sent < last.Sent)
        {
            // An answer, or a device made anew.
            _unansweredSince = null;
        }
        else if (sent > last.Sent)
        {
            _unansweredSince ??= now;
        }

        return handshakeAge < SessionLife ? PeerHealth.Answering
            : now - _unansweredSince >= Patience ? PeerHealth.Silent
            : PeerHealth.Idle;
    }
}
