using VpnConfinement.Drift;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>Files of ours on the host.</summary>
internal static class OwnFiles
{
    /// <summary>Hash of a file's bytes, or null where there is no file.</summary>
    internal static string? Hash(string path)
    {
        try
        {
            return RegularFile.TryReadBytes(path) is { } bytes ? ContentHash.Of(bytes) : null;
        }
        catch (UnreadableFileException e)
        {
            throw new SystemFailure(
                $"a file of ours has to be at {path}: {e.Reason}",
                "move away what is there, then run 'vpn-confinement apply'", e);
        }
    }

    /// <summary>Looks at the hash of a file.</summary>
    internal static Observation<string?> Look(string path) => Parts.Look.At(() => Hash(path));

    /// <summary>Whether the file says that this program wrote it.</summary>
    internal static bool IsOurs(string path) => OwnHeader.IsIn(RegularFile.ReadText(path));

    /// <summary>Deletes a file and the folders that this leaves empty, up to one that systemd or the system keeps.</summary>
    internal static void Delete(string path)
    {
        if (StateLayout.NetworkDaemonFiles.Contains(path) && File.Exists(path) && !IsOurs(path))
        {
            // Somebody put a file of their own there meanwhile (VPC120).
            return;
        }

        var changed = File.Exists(path);
        // A run that was cut short may have taken the folder away with it, and File.Delete wants one.
        if (changed)
        {
            File.Delete(path);
        }

        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (!Directory.Exists(folder))
            {
                continue;
            }

            if (!MayRemove(folder) || !IsEmpty(folder))
            {
                if (changed)
                {
                    AtomicFile.FlushFolder(folder);
                }

                return;
            }

            try
            {
                Directory.Delete(folder);
            }
            catch (IOException e) when (e.HResult == Errno.EBUSY)
            {
                // Somebody mounted something of their own there.
                AtomicFile.FlushFolder(folder);
                return;
            }

            changed = true;
        }
    }

    private static bool IsEmpty(string folder) => !Directory.EnumerateFileSystemEntries(folder).Any();

    // Where NetworkManager is not installed, its folders are ours.
    private static bool IsOfNetworkManager(string folder) =>
        Path.GetDirectoryName(Plan.StateLayout.NetworkManagerFile) is { } own && Path.GetDirectoryName(own) is { } parent
        && (folder == parent || (folder == own && Directory.EnumerateFileSystemEntries(parent).All(entry => entry == own)));

    private static bool MayRemove(string folder) =>
        folder.StartsWith(Plan.StateLayout.UnitFolder + "/", StringComparison.Ordinal) && (folder.EndsWith(".d", StringComparison.Ordinal) || folder.EndsWith(".requires", StringComparison.Ordinal) || folder.EndsWith(".wants", StringComparison.Ordinal))
        || folder == Path.GetDirectoryName(Plan.StateLayout.Generator)
        || IsOfNetworkManager(folder)
        || folder == Plan.StateLayout.StateFolder
        || folder.StartsWith(Plan.StateLayout.StateFolder + "/", StringComparison.Ordinal);
}
