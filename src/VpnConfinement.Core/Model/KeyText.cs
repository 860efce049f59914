using System.Security.Cryptography;

namespace VpnConfinement.Model;

/// <summary>WireGuard keys of whatever kind as text (wg(8)).</summary>
internal static class KeyText
{
    /// <summary>Bytes of a key (Curve25519 and preshared alike).</summary>
    internal const int KeyLength = 32;

    private const int TextLength = 44;

    /// <summary>The bytes of a text that is the one base64 form of 32 bytes; null for any other.</summary>
    internal static byte[]? Decode(string text)
    {
        Span<byte> bytes = stackalloc byte[KeyLength + 1];
        if (text.Length != TextLength || !Convert.TryFromBase64String(text, bytes, out var written) || written != KeyLength)
        {
            return null;
        }

        // The last character carries two unused bits; wg(8) takes only the form in which they are zero.
        var key = bytes[..KeyLength].ToArray();
        CryptographicOperations.ZeroMemory(bytes);
        return Convert.ToBase64String(key) == text ? key : null;
    }
}
