using System.Diagnostics.CodeAnalysis;

namespace VpnConfinement.Model;

/// <summary>
/// A WireGuard public key: 32 bytes, in text the one base64 form of them. A default value is none; only
/// <see cref="TryParse"/> and <see cref="FromBytes"/> make one.
/// </summary>
public readonly record struct PublicKey
{
    private readonly string? _text;

    private PublicKey(string text) => _text = text;

    /// <summary>Reads a key; false for any other text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PublicKey key)
    {
        var isKey = text is not null && KeyText.Decode(text) is not null;
        key = isKey ? new PublicKey(text!) : default;
        return isKey;
    }

    /// <summary>Makes one of its 32 bytes.</summary>
    public static PublicKey FromBytes(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, KeyText.KeyLength);
        return new PublicKey(Convert.ToBase64String(bytes));
    }

    /// <summary>Its 32 bytes.</summary>
    public byte[] ToBytes() => Convert.FromBase64String(ToString());

    /// <inheritdoc/>
    public override string ToString() => _text ?? throw new InvalidOperationException("a public key that was never parsed");
}
