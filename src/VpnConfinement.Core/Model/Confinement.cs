namespace VpnConfinement.Model;

/// <summary>What is true: the enabled namespaces with everything resolved, defaulted and checked. Only the validator makes one.</summary>
public sealed record Confinement
{
    internal Confinement(IReadOnlyList<ConfinedNamespace> namespaces, IReadOnlySet<string> foreignFiles) =>
        (Namespaces, ForeignFiles) = (namespaces, foreignFiles);

    /// <summary>The enabled namespaces in ordinal order of their names.</summary>
    public IReadOnlyList<ConfinedNamespace> Namespaces { get; }

    /// <summary>Paths of files for the host's network daemons that somebody else has, and keeps (VPC120).</summary>
    public IReadOnlySet<string> ForeignFiles { get; }
}
