namespace VpnConfinement.Drift;

/// <summary>The kinds of <see cref="DriftEntry"/>.</summary>
public enum DriftKind
{
    /// <summary>An earlier change was cut short.</summary>
    CutShort,

    /// <summary>A file.</summary>
    File,

    /// <summary>The copy of a key.</summary>
    Key,

    /// <summary>A temporary file that a write left behind.</summary>
    LeftOver,

    /// <summary>What is kept to go back to.</summary>
    Generation,

    /// <summary>A namespace in the kernel.</summary>
    Namespace,

    /// <summary>A unit that runs on the host's network, or that systemd has loaded otherwise.</summary>
    Unit,

    /// <summary>The socket of a published port.</summary>
    Published,

    /// <summary>The watcher of a namespace.</summary>
    Watcher,
}
