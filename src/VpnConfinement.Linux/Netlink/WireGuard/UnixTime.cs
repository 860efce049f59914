namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>Times as WireGuard tells them.</summary>
internal static class UnixTime
{
    private const long LatestSecond = 253402300799; // the end of the year 9999, the last that DateTimeOffset has

    /// <summary>The time so many seconds and nanoseconds after 1970.</summary>
    /// <exception cref="SystemFailure">No such time; the source is not to be trusted.</exception>
    internal static DateTimeOffset At(long seconds, long nanoseconds) =>
        seconds is >= 0 and < LatestSecond && nanoseconds is >= 0 and < 1_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100)
            : throw new SystemFailure("WireGuard told a time that does not exist");
}
