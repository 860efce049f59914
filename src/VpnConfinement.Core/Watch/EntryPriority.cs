namespace VpnConfinement.Watch;

/// <summary>Priorities of journal entries, with the values of syslog(3).</summary>
public enum EntryPriority
{
    /// <summary>LOG_ERR.</summary>
    Error = 3,

    /// <summary>LOG_WARNING.</summary>
    Warning = 4,

    /// <summary>LOG_INFO.</summary>
    Info = 6,
}
