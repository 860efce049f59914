namespace VpnConfinement.State;

/// <summary>
/// What the look from inside tells <c>exec</c> of its command (<see cref="GateWords.TellsCaller"/>). An exit status
/// alone would not say whose it is: the command's, the look's, or systemd's own (systemd.exec(5)).
/// </summary>
public static class CommandStatus
{
    /// <summary>The look passed, and the program is started.</summary>
    public const string Started = "started";

    /// <summary>The look refused.</summary>
    public const string Refused = "refused";
}
