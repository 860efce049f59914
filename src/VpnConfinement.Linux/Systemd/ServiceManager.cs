namespace VpnConfinement.Linux.Systemd;

/// <summary>What a Type=notify service tells systemd (sd_notify(3)).</summary>
internal static class ServiceManager
{
    /// <summary>Tells that the service is up.</summary>
    internal static void Ready() => Notify("READY=1");

    /// <summary>Tells that it is alive (WatchdogSec=).</summary>
    internal static void Alive() => Notify("WATCHDOG=1");

    /// <summary>What <c>systemctl status</c> shows in a line.</summary>
    internal static void Status(string text) => Notify("STATUS=" + text);

    // Started by hand there is nobody to tell; a message that is lost is told again, or missed by the watchdog.
    private static void Notify(string message)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 } path)
        {
            UnixDatagram.TrySend(path, message);
        }
    }
}
