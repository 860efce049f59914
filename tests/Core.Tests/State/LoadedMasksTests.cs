using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.State;

/// <summary>The masks that systemd has loaded against those of the drop-in as it was applied (S-33).</summary>
[Trait("guarantees", "S-33")]
public sealed class LoadedMasksTests
{
    private const string DropIn = """
        [Service]
        TemporaryFileSystem=/run:ro
        TemporaryFileSystem=/dev/shm:mode=1777,nosuid,nodev,size=50%
        TemporaryFileSystem=/var/lib/incus:ro
        InaccessiblePaths=-/net
        InaccessiblePaths=-/var/lib/docker
        BindReadOnlyPaths=/var/lib/vpn-confinement/resolv.conf:/etc/resolv.conf
        BindPaths=/run/app
        """;

    [Theory]
    [InlineData("InaccessiblePaths", "-/net -/var/lib/docker")]
    [InlineData("InaccessiblePaths", "-/srv -/net -/var/lib/docker -/etc")]
    [InlineData("ReadWritePaths", "/dev /var/lib -/dev/shm/x /srv")]
    [InlineData("BindPaths", "/run/app:/run/app:rbind /var/lib:/var/lib:rbind")]
    [InlineData("BindPaths", "/srv/x:/var/lib/docker2:rbind")]
    public void What_takes_no_mask_away_is_no_difference(string property, string value) => Assert.Null(Difference(property, value));

    [Theory]
    [InlineData("InaccessiblePaths", "", "-/net")]
    [InlineData("InaccessiblePaths", "-/net", "-/var/lib/docker")]
    [InlineData("ReadWritePaths", "/srv /dev/shm", "/dev/shm")]
    [InlineData("ReadOnlyPaths", "-/var/lib/incus/", "/var/lib/incus")]
    [InlineData("ReadOnlyPaths", "/run", "/run")]
    [InlineData("ExecPaths", "+/dev/shm", "/dev/shm")]
    [InlineData("NoExecPaths", "/run", "/run")]
    [InlineData("BindPaths", "/dev/shm:/dev/shm:rbind", "/dev/shm")]
    [InlineData("BindPaths", "/dev/shm/x:/srv:rbind", "/dev/shm")]
    [InlineData("BindPaths", "-/var/lib/incus/unix.socket:/srv/s:rbind", "/var/lib/incus")]
    [InlineData("BindReadOnlyPaths", "/var/lib:/srv:rbind", "/var/lib/incus")]
    [InlineData("BindReadOnlyPaths", "/:/host:rbind", "/dev/shm")]
    [InlineData("BindReadOnlyPaths", "/srv:/net:rbind", "/net")]
    public void What_takes_one_away_is_named(string property, string value, string named)
    {
        var difference = Difference(property, value);
        Assert.Contains(property, difference, StringComparison.Ordinal);
        Assert.Contains(named, difference, StringComparison.Ordinal);
    }

    private static string? Difference(string property, string value)
    {
        var loaded = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["InaccessiblePaths"] = "-/net -/var/lib/docker",
            ["BindReadOnlyPaths"] = "/var/lib/vpn-confinement/resolv.conf:/etc/resolv.conf:rbind",
            ["BindPaths"] = "/run/app:/run/app:rbind",
            ["ReadWritePaths"] = "",
            ["ReadOnlyPaths"] = "",
            ["ExecPaths"] = "",
            ["NoExecPaths"] = "",
            [property] = value,
        };
        return LoadedMasks.Difference(UnitSettings.Read([new("drop-in", DropIn)]), loaded, word => UnitSpecifiers.Expand(word, "app.service") ?? word);
    }
}
