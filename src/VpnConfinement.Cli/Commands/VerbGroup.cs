namespace VpnConfinement.Cli.Commands;

/// <summary>The groups of the list of commands, in its order.</summary>
internal enum VerbGroup
{
    /// <summary>About the configuration; nothing of the host is changed.</summary>
    Configuration,

    /// <summary>What changes the host, and what it would change.</summary>
    Host,

    /// <summary>What is so now.</summary>
    State,

    /// <summary>About the program itself.</summary>
    Reference,

    /// <summary>What only units call: listed by <c>--help --all</c>.</summary>
    Units,

    /// <summary>What only scripts of ours call: listed nowhere.</summary>
    Hidden,
}
