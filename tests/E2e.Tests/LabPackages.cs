using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// Programs of other packages, unpacked into a machine. They lie beside the program (eng/prepare) or the machine's root
/// (eng/lab-root); nothing of them is on the host.
/// </summary>
internal static class LabPackages
{
    /// <summary>Unpacks a folder of packages, once.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="folder">Name of the folder.</param>
    /// <param name="programs">Paths of what has to be there then.</param>
    internal static void Unpack(BadHostFixture host, string folder, params ReadOnlySpan<string> programs)
    {
        var mark = $"/var/lib/lab-packages/{folder}";
        if (host.Exists(mark))
        {
            return;
        }

        var packages = MachineImage.Root == "/"
            ? Path.Combine(Path.GetDirectoryName(Environment.GetEnvironmentVariable("VPNC_BINARY"))!, "..", folder)
            : $"{MachineImage.Root}.packages/{folder}";
        Command.Run("/bin/sh", "-ec", $"""
            for p in {packages}/*.deb; do
                dpkg-deb --fsys-tarfile "$p" | tar -x -p -C {host.Laboratory.Machine.Root} --keep-directory-symlink
            done
            mkdir -p {host.Laboratory.Machine.Root}{mark}
            """).OrThrow();
        foreach (var program in programs)
        {
            Assert.True(host.Exists(program), $"there is no {program}: run eng/prepare or eng/lab-root");
        }
    }
}
