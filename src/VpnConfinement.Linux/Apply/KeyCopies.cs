using System.Security.Cryptography;
using VpnConfinement.Linux.Files;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Apply;

/// <summary>Keys out of wg-quick files, copied to files of their own that only root may read.</summary>
internal static class KeyCopies
{
    internal static void Write(FileChanges changes, IReadOnlyList<KeySource.Copied> keys)
    {
        if (keys.Count > 0)
        {
            AtomicFile.CreateFolder(StateLayout.SecretFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        foreach (var key in keys.Where(k => !IsInPlace(k)))
        {
            var text = KeyText(key);
            changes.Write(key.Path, text, AtomicFile.SecretMode);
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Whether the copy is there, holds this key and can be read by root alone.</summary>
    internal static bool IsInPlace(KeySource.Copied key)
    {
        if (!File.Exists(key.Path) || File.GetUnixFileMode(key.Path) != AtomicFile.SecretMode)
        {
            return false;
        }

        var text = KeyText(key);
        var onDisk = File.ReadAllBytes(key.Path);
        var same = CryptographicOperations.FixedTimeEquals(text, onDisk);
        CryptographicOperations.ZeroMemory(text);
        CryptographicOperations.ZeroMemory(onDisk);
        return same;
    }

    private static byte[] KeyText(KeySource.Copied key)
    {
        var key64 = new byte[45];
        System.Buffers.Text.Base64.EncodeToUtf8(key.Key.Reveal(), key64, out _, out _);
        key64[^1] = (byte)'\n';
        return key64;
    }
}
