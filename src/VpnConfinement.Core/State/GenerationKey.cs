namespace VpnConfinement.State;

/// <summary>A key in a generation.</summary>
/// <param name="Path">Absolute path of the copy that the tunnel reads.</param>
/// <param name="Key">The 32 bytes. A secret.</param>
public sealed record GenerationKey(string Path, byte[] Key)
{
    /// <summary>Never the key.</summary>
    public override string ToString() => Path;
}
