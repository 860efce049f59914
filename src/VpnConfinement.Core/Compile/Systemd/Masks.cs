using VpnConfinement.Model;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// What a service does not see of the host outside /run (S-33): daemons' sockets have no network namespace, and a
/// folder that is mounted when it is opened has the host's kernel or automounter connect.
/// </summary>
internal static class Masks
{
    /// <summary>
    /// A tmpfs for /dev/shm as the host's is: for all to write, half of the memory at most. All processes of one
    /// command share it; a command that systemd starts by itself has another. systemd.exec(5): options are taken as
    /// they are, so % is no specifier in them.
    /// </summary>
    private const string SharedMemory = HostPath.SharedMemory + ":mode=1777,nosuid,nodev,size=50%";

    internal static void Add(UnitFileWriter unit, ConfinedService service)
    {
        if (service.HasOwnSharedMemory)
        {
            unit.Add("TemporaryFileSystem", SharedMemory);
        }

        // For a tmpfs systemd makes the folder where it is missing; one that may be missing is passed over otherwise.
        foreach (var mask in service.Masks)
        {
            var path = UnitValue.Literal(mask.Path);
            if (mask.IsMade)
            {
                unit.Add("TemporaryFileSystem", path + ":ro");
            }
            else
            {
                unit.Add("InaccessiblePaths", "-" + path);
            }
        }
    }
}
