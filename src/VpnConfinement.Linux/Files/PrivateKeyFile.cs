using System.Buffers.Text;
using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc7748;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Files;

/// <summary>Makes the file of a private key where there is none (option <c>generatePrivateKeyFile</c>).</summary>
public static class PrivateKeyFile
{
    private const int KeyLength = 32;
    private const int TextLength = 44;

    /// <summary>
    /// Makes the file with a fresh key, unless something has that name already, which is never overwritten: of two runs at once, one makes it
    /// and the other takes what it finds. Missing folders are made with mode 0700; nothing is made where another user has a hand in the path.
    /// </summary>
    /// <param name="path">Absolute path.</param>
    /// <returns>The public key in base64, to be given to the provider; null where the name was there already.</returns>
    /// <exception cref="SystemFailure">The file cannot be made.</exception>
    public static string? Ensure(string path)
    {
        if (Path.Exists(path) || new FileInfo(path).LinkTarget is not null)
        {
            return null;
        }

        var folder = Path.GetDirectoryName(path) ?? throw new ArgumentException("a path with a folder is needed", nameof(path));
        var temporary = AtomicFile.TemporaryName(path) + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var key = NewKey();
        var text = new byte[TextLength + 1];
        try
        {
            Base64.EncodeToUtf8(key, text, out _, out _);
            text[^1] = (byte)'\n';
            TrustedFolder.Require(folder);
            CreateFolders(folder);
            TrustedFolder.Require(folder);
            return Publish(text, temporary, path, folder) ? PublicKey(key) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SystemFailure)
        {
            throw new SystemFailure($"the private key file {path} is missing and cannot be made: {e.Message}", $"make the folder {folder} writable for root, or make the key yourself: 'umask 077; wg genkey > {path}'", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>The public key, base64, that belongs to a private one.</summary>
    internal static string PublicKey(ReadOnlySpan<byte> key)
    {
        var secret = key.ToArray();
        var point = new byte[KeyLength];
        X25519.GeneratePublicKey(secret, 0, point, 0);
        CryptographicOperations.ZeroMemory(secret);
        return Convert.ToBase64String(point);
    }

    // One after the other: the runtime gives its mode to the last one only.
    private static void CreateFolders(string folder)
    {
        if (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            CreateFolders(parent);
            Directory.CreateDirectory(folder, AtomicFile.SecretFolderMode);
        }
    }

    // RFC 7748, section 5: as wg(8) makes them, so that what is stored is what is used.
    private static byte[] NewKey()
    {
        var key = RandomNumberGenerator.GetBytes(KeyLength);
        key[0] &= 248;
        key[31] &= 127;
        key[31] |= 64;
        return key;
    }

    // A hard link takes a name only where it is free, and shows the file whole or not at all.
    private static bool Publish(byte[] text, string temporary, string path, string folder)
    {
        try
        {
            NewFile.Write(temporary, text, AtomicFile.SecretMode);
            return Kernel.TryLink(temporary, path);
        }
        finally
        {
            Kernel.TryUnlink(temporary);
            AtomicFile.FlushFolder(folder);
        }
    }
}
