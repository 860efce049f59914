namespace VpnConfinement.Config;

/// <summary>A key as it was written. It cannot be printed.</summary>
/// <param name="text">The text.</param>
public sealed class SecretText(string text)
{
    /// <summary>The text itself, to be decoded and for nothing else.</summary>
    public string Reveal() => text;

    /// <summary>Always the same word.</summary>
    public override string ToString() => "(secret)";
}
