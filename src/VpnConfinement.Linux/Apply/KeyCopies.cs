using System.Security.Cryptography;
using VpnConfinement.Compile;
using VpnConfinement.Linux.Files;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Apply;

/// <summary>Keys out of wg-quick files, copied to files of their own that only root may read.</summary>
public static class KeyCopies
{
    /// <summary>Paths of the copies of a tree that are there and hold another key than it says.</summary>
    /// <exception cref="SystemFailure">One of them cannot be read.</exception>
    public static IReadOnlyList<string> Changed(CompiledTree tree) =>
        [.. tree.Keys.Where(k => IsPrivate(k.Path) && !IsInPlace(k)).Select(k => k.Path)];

    internal static void Write(FileChanges changes, IReadOnlyList<KeySource.Copied> keys)
    {
        if (keys.Count > 0)
        {
            AtomicFile.CreateFolder(StateLayout.SecretFolder, AtomicFile.SecretFolderMode);
        }

        foreach (var key in keys.Where(k => !IsInPlace(k)))
        {
            var text = key.FileText();
            changes.Write(key.Path, text, AtomicFile.SecretMode);
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Whether the copy is there, holds this key and can be read by root alone.</summary>
    internal static bool IsInPlace(KeySource.Copied key)
    {
        using var file = RegularFile.TryOpen(key.Path);
        if (file?.Mode != AtomicFile.SecretMode)
        {
            return false;
        }

        var text = key.FileText();
        var onDisk = file.ReadBytes(RegularFile.MostText);
        var same = CryptographicOperations.FixedTimeEquals(text, onDisk);
        CryptographicOperations.ZeroMemory(text);
        CryptographicOperations.ZeroMemory(onDisk);
        return same;
    }

    /// <summary>Whether a copy is there and can be read by root alone.</summary>
    internal static bool IsPrivate(string path) => File.Exists(path) && File.GetUnixFileMode(path) == AtomicFile.SecretMode;
}
