namespace VpnConfinement.E2e.Tests.Matrix;

/// <summary>What is to be expected of the tunnel.</summary>
public enum TunnelState
{
    Works,
    Broken,

    /// <summary>It may work or not: what is tested is that nothing else does.</summary>
    Either,
}
