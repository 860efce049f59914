namespace VpnConfinement.Model;

/// <summary>What is true: the enabled namespaces with everything resolved, defaulted and checked. Only the validator makes one.</summary>
public sealed record Confinement
{
    internal Confinement(IReadOnlyList<ConfinedNamespace> namespaces) => Namespaces = namespaces;

    /// <summary>The enabled namespaces in ordinal order of their names.</summary>
    public IReadOnlyList<ConfinedNamespace> Namespaces { get; }
}
