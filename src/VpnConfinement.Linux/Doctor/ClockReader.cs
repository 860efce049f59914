using VpnConfinement.Doctor;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Doctor;

/// <summary>Reads the clock, and when files were last changed that the system changes as time goes on.</summary>
internal static class ClockReader
{
    private static readonly string[] Marks =
    [
        "/etc/passwd", "/var/lib/dpkg/status", "/var/lib/systemd/random-seed", "/var/lib/systemd/timesync/clock",
        StateLayout.Manifest, StateLayout.GenerationFolder, StateLayout.StateFolder,
    ];

    internal static ClockReading Read()
    {
        var now = DateTimeOffset.UtcNow;
        var (latest, file) = Marks.Where(Path.Exists)
            .Select(path => (new DateTimeOffset(File.GetLastWriteTimeUtc(path)), path))
            .Append((DateTimeOffset.UnixEpoch, "none")).Max();
        return new ClockReading(now, latest, file);
    }
}
