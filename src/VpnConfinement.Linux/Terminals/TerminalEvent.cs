namespace VpnConfinement.Linux.Terminals;

/// <summary>Why a wait at a terminal ended.</summary>
public enum TerminalEvent
{
    /// <summary>The time is over.</summary>
    Elapsed,

    /// <summary>The screen has to be drawn again: it has another size, or is in the foreground again.</summary>
    Redraw,

    /// <summary>The user or a signal ends it, or the terminal hung up.</summary>
    End,
}
