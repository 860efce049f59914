using System.Text;
using Org.BouncyCastle.Crypto.Digests;

namespace VpnConfinement.Model;

/// <summary>
/// SHA-256 (FIPS 180-4), in lower-case hex. In managed code: the base library's is OpenSSL's, which a small server may not have in the
/// right version, and which costs every start of a unit ten milliseconds.
/// </summary>
public static class ContentHash
{
    /// <summary>Of the text in UTF-8.</summary>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Of the bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var digest = new Sha256Digest();
        digest.BlockUpdate(bytes);
        Span<byte> hash = stackalloc byte[digest.GetDigestSize()];
        digest.DoFinal(hash);
        return Convert.ToHexStringLower(hash);
    }
}
