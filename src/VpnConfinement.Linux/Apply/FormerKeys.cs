using VpnConfinement.Compile;
using VpnConfinement.Linux.Files;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// Keys that a change takes away and a kept generation has: each moved aside to a file named by its hash, so that a key is in one file and nowhere else.
/// </summary>
internal static class FormerKeys
{
    /// <summary>Copies aside what a change to a tree takes away. Before it: a change that is cut short may be taken back.</summary>
    internal static void Keep(Manifest applied, CompiledTree tree)
    {
        var wanted = tree.Keys.ToDictionary(k => k.Path, k => ContentHash.Of(k.FileText()), StringComparer.Ordinal);
        foreach (var path in applied.Keys)
        {
            if (RegularFile.TryReadBytes(path) is not { } text)
            {
                continue;
            }

            var hash = ContentHash.Of(text);
            if (wanted.GetValueOrDefault(path) != hash && KeySource.Copied.KeyIn(text) is not null)
            {
                AtomicFile.CreateFolder(StateLayout.FormerKeyFolder, AtomicFile.SecretFolderMode);
                AtomicFile.Write(StateLayout.FormerKey(hash), text, AtomicFile.SecretMode);
            }
        }
    }

    /// <summary>A key of a generation: in place, or aside.</summary>
    /// <exception cref="SystemFailure">It is in neither place.</exception>
    internal static Secret Find(GenerationKey key)
    {
        foreach (var path in new[] { key.Path, StateLayout.FormerKey(key.Sha256) })
        {
            if (RegularFile.TryReadBytes(path) is { } text
                && ContentHash.Of(text) == key.Sha256 && KeySource.Copied.KeyIn(text) is { } secret)
            {
                return secret;
            }
        }

        throw new SystemFailure($"the key that this generation had in {key.Path} is not kept any more", "choose another generation ('vpn-confinement rollback --list'), or run 'vpn-confinement apply'");
    }

    /// <summary>Deletes what no kept generation has, or what is in place again.</summary>
    internal static void Prune(Manifest applied, IEnumerable<GenerationKey> kept)
    {
        if (!Directory.Exists(StateLayout.FormerKeyFolder))
        {
            return;
        }

        var inPlace = applied.Keys.Select(path => RegularFile.TryReadBytes(path)).OfType<byte[]>()
            .Select(text => ContentHash.Of(text)).ToHashSet(StringComparer.Ordinal);
        var needed = kept.Select(k => k.Sha256).Except(inPlace).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(StateLayout.FormerKeyFolder).Where(p => !needed.Contains(Path.GetFileName(p))))
        {
            File.Delete(path);
        }
    }
}
