namespace VpnConfinement.State;

/// <summary>
/// What the look from inside tells systemd of a command of <c>exec</c> (<see cref="GateWords.TellsSystemd"/>). An exit
/// status alone would not say whose it is: the command's, the look's, or systemd's own (systemd.exec(5)).
/// </summary>
public static class CommandStatus
{
    /// <summary>The look passed, and the program was started.</summary>
    public const string Started = "vpn-confinement: started";

    /// <summary>The look refused.</summary>
    public const string Refused = "vpn-confinement: refused";

    /// <summary>The look passed; there is no such program.</summary>
    public const string NotFound = "vpn-confinement: not found";

    /// <summary>The look passed; the program cannot be run.</summary>
    public const string NotRun = "vpn-confinement: not run";
}
