using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Gate;

/// <summary>
/// What systemd makes of a script in /etc/init.d that has no unit file. systemd-sysv-generator(8) runs at the same time as ours, so its work may not be there
/// yet: it is run once more, into a folder of its own.
/// </summary>
internal static class SysvUnit
{
    private static readonly string[] Places = ["/usr/lib/systemd/system-generators/systemd-sysv-generator", "/lib/systemd/system-generators/systemd-sysv-generator"];

    /// <summary>The unit's text; null where there is no such script.</summary>
    /// <param name="unit">Full name of the unit.</param>
    /// <param name="output">A folder that may be written.</param>
    /// <exception cref="SystemFailure">The generator failed.</exception>
    internal static IReadOnlyList<SourceText>? Find(string unit, string output)
    {
        if (!unit.EndsWith(".service", StringComparison.Ordinal) || !File.Exists("/etc/init.d/" + unit[..^".service".Length])
            || Array.Find(Places, File.Exists) is not { } generator)
        {
            return null;
        }

        var folder = Path.Combine(output, ".vpn-confinement-sysv");
        AtomicFile.CreateFolder(folder);
        try
        {
            var result = ChildProcess.Run(generator, [folder, folder, folder], []);
            var file = Path.Combine(folder, unit);
            return result.Status != 0
                ? throw new SystemFailure($"{generator} ended with status {result.Status}: {result.Error.Trim()}")
                : File.Exists(file) ? [new SourceText(file, RegularFile.ReadText(file))] : null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
