using System.Security.Cryptography;
using System.Text;

namespace VpnConfinement.State;

/// <summary>The hash by which two versions of a file are told apart.</summary>
public static class ContentHash
{
    /// <summary>Lower-case hex SHA-256 of the text in UTF-8.</summary>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Lower-case hex SHA-256 of the bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
