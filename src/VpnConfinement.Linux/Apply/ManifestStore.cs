using System.Text.Json;
using VpnConfinement.Linux.Files;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>The manifest on this host.</summary>
public static class ManifestStore
{
    /// <summary>What was applied; <see cref="Manifest.Empty"/> on a host where nothing was.</summary>
    /// <exception cref="SystemFailure">The file is there and cannot be read: what is ours is then not known, and nothing may be changed on a guess.</exception>
    public static Manifest Load()
    {
        try
        {
            using var file = RegularFile.TryOpen(StateLayout.Manifest);
            return file is null ? Manifest.Empty : ManifestJson.Read(file.ReadText(RegularFile.MostState));
        }
        catch (UnreadableFileException e)
        {
            throw new SystemFailure(e.Message, UnreadableFileException.Remedy, e);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SystemFailure(
                $"{StateLayout.Manifest} cannot be read: {e.Message}",
                "run this as root; if the file is damaged, restore it from a backup, or delete it and run 'vpn-confinement apply' (files that are ours are recognised by their first line)",
                e);
        }
    }

    /// <summary>What was applied, where a manifest that is not there must not be taken for nothing applied.</summary>
    /// <exception cref="SystemFailure">As <see cref="Load"/>; or units of ours are there and the manifest is not.</exception>
    public static Manifest LoadKnown()
    {
        var manifest = Load();
        return manifest.Files.Count == 0 && UnnamedFiles.Find(manifest) is [var unit, ..]
            ? throw new SystemFailure($"what was applied is not known: {unit} is there, and {StateLayout.Manifest} is not", "run 'vpn-confinement apply', which takes over what is there")
            : manifest;
    }

    /// <summary>Writes the manifest.</summary>
    public static void Save(Manifest manifest) => AtomicFile.Write(StateLayout.Manifest, ManifestJson.Write(manifest));
}
