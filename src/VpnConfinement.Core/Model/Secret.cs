using System.Security.Cryptography;

namespace VpnConfinement.Model;

/// <summary>Key material. It cannot be printed, is wiped on <see cref="Dispose"/>, and leaves only through <see cref="Reveal"/>.</summary>
public sealed class Secret : IDisposable
{
    private readonly byte[] _bytes;

    /// <summary>Takes over <paramref name="bytes"/>, which the caller must not use again.</summary>
    public Secret(byte[] bytes) => _bytes = bytes;

    /// <summary>The bytes themselves: for the kernel, a 0600 file or a check of form, nothing else.</summary>
    public ReadOnlySpan<byte> Reveal() => _bytes;

    /// <summary>Always the same word, so that a log or a diff can never hold a key.</summary>
    public override string ToString() => "(secret)";

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
