namespace VpnConfinement.Linux.Nftables;

/// <summary>The kinds of <see cref="RulesetPart"/>. Their names are in records.</summary>
internal enum RulesetPartKind
{
    /// <summary>The table's own flags.</summary>
    Table,

    /// <summary>Type, hook, priority and policy of a chain.</summary>
    Chain,

    /// <summary>The rules of a chain, in order, with the anonymous sets that they ask.</summary>
    Rules,

    /// <summary>What a set or map is of.</summary>
    Set,

    /// <summary>The elements of a set or map.</summary>
    Elements,

    /// <summary>A named counter.</summary>
    Counter,

    /// <summary>Another named object.</summary>
    Object,

    /// <summary>A flow table.</summary>
    Flowtable,
}
