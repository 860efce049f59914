namespace VpnConfinement.Linux.Tests.Apply;

/// <summary>How a step of a change fails.</summary>
public enum ModelFault
{
    /// <summary>It does nothing.</summary>
    AtOnce,

    /// <summary>It does half of what it is to do.</summary>
    HalfWay,

    /// <summary>It does all, and is told of an error.</summary>
    Afterwards,

    /// <summary>It does nothing, and nor does any step after it.</summary>
    FromThenOn,
}
