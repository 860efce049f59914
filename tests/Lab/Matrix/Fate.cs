namespace VpnConfinement.Lab.Matrix;

/// <summary>What becomes of a try of a confined process.</summary>
public enum Fate
{
    /// <summary>It may work, through the tunnel and as long as there is one.</summary>
    Tunnel,

    /// <summary>The ruleset refuses it.</summary>
    Refused,

    /// <summary>It never works, with or without the namespace's ruleset: there is nothing there to reach.</summary>
    Closed,

    /// <summary>The kernel may take the packet; nobody but the tunnel ever sees it.</summary>
    Unheard,
}
