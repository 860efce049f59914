namespace VpnConfinement.Cli;

/// <summary>Exit statuses of every command.</summary>
internal static class ExitCodes
{
    /// <summary>Done, or nothing to do.</summary>
    internal const int Done = 0;

    /// <summary>The configuration is refused.</summary>
    internal const int ConfigRefused = 1;

    /// <summary>The command line is wrong, or names what is not there.</summary>
    internal const int Usage = 2;

    /// <summary>The system refused or failed; nothing is half done.</summary>
    internal const int SystemFailed = 3;

    /// <summary>A check found a leak, drift or an unconfined service.</summary>
    internal const int CheckFailed = 4;

    /// <summary>A check could not tell.</summary>
    internal const int CheckInconclusive = 5;

    /// <summary><c>plan --detailed-exitcode</c>: there is something to change, and nothing is other than it was applied.</summary>
    internal const int Changes = 6;

    /// <summary>An ExecCondition= of a unit says that there is nothing to start (systemd.service(5)).</summary>
    internal const int ConditionUnmet = 1;
}
