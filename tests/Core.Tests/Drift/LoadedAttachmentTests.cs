using VpnConfinement.Drift;
using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.Drift;

/// <summary>What systemd has loaded against the drop-in as it was applied (S-27).</summary>
[Trait("guarantees", "S-27 S-35 S-37")]
public sealed class LoadedAttachmentTests
{
    private const string Unit = "app@x.service";

    private const string DropIn = """
        [Unit]
        Requires=netns.service
        Requires=gate@%n.service
        BindsTo=netns.service
        After=netns.service wireguard.service
        [Service]
        NetworkNamespacePath=/run/netns/media
        TemporaryFileSystem=/run:ro
        BindReadOnlyPaths=/var/lib/resolv.conf:/etc/resolv.conf
        BindReadOnlyPaths=-/run/systemd/notify
        BindReadOnlyPaths=/run/vpn-confinement/media.netns
        InaccessiblePaths=-/run/user
        PrivateUsers=identity
        BindPaths=/run/vpn-confinement-%n:/run
        BindPaths=/run/app
        TemporaryFileSystem=/dev/shm:mode=1777,nosuid,nodev,size=50%
        InaccessiblePaths=-/net
        SystemCallFilter=@system-service
        SystemCallFilter=~@mount
        SystemCallArchitectures=
        SystemCallArchitectures=native
        SystemCallFilter=~keyctl:EPERM io_uring_setup
        [X-VpnConfinement]
        Gate="/opt/my tools/vpn-confinement-gate" media %n --private-run
        """;

    private const string Gate = "/opt/my tools/vpn-confinement-gate media app@x.service";

    private static string Command(string words, string flags = "", string path = "/opt/my tools/vpn-confinement-gate") =>
        $"{{ path={path} ; argv[]={words} ; flags={flags} ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }}";

    private static Dictionary<string, string> Loaded => new(StringComparer.Ordinal)
    {
        ["NetworkNamespacePath"] = "/run/netns/media",
        ["JoinsNamespaceOf"] = "",
        ["PrivateNetwork"] = "no",
        ["PrivateUsers"] = "yes",
        ["InaccessiblePaths"] = "/srv/other -/run/user -/net",
        ["Requires"] = "sysinit.target gate@app@x.service.service netns.service",
        ["BindsTo"] = "netns.service",
        ["After"] = "wireguard.service netns.service basic.target",
        ["TemporaryFileSystem"] = "/tmp /run:ro /dev/shm:mode=1777,nosuid,nodev,size=50%",
        ["ReadWritePaths"] = "",
        ["ReadOnlyPaths"] = "",
        ["ExecPaths"] = "",
        ["NoExecPaths"] = "",
        ["BindReadOnlyPaths"] = "/var/lib/resolv.conf:/etc/resolv.conf:rbind /run/vpn-confinement/media.netns:/run/vpn-confinement/media.netns:rbind",
        ["BindPaths"] = "/run/vpn-confinement-app@x.service:/run:rbind",
        ["SystemCallFilter"] = "~io_uring_setup keyctl:EPERM",
        ["SystemCallArchitectures"] = "native",
        ["ExecStartPreEx"] = Command(Gate + " --private-run -- /bin/true") + '\n' + Command(Gate + " -- /bin/mkdir x", "privileged"),
        ["ExecStartEx"] = Command(Gate + " --private-run --path=/opt/bin --default-sigpipe --named app app ; flags=privileged ;"),
    };

    [Fact]
    public void What_is_loaded_as_it_was_written_is_no_difference() =>
        Assert.Null(LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn)]), Loaded));

    [Theory]
    [InlineData("NetworkNamespacePath", "")]
    [InlineData("NetworkNamespacePath", "/run/netns/media2")]
    [InlineData("JoinsNamespaceOf", "other.service")]
    [InlineData("PrivateNetwork", "yes")]
    [InlineData("PrivateUsers", "no")]
    [InlineData("InaccessiblePaths", "/srv/other")]
    [InlineData("InaccessiblePaths", "")]
    [InlineData("InaccessiblePaths", "/srv/other -/run/user")]
    [InlineData("Requires", "netns.service")]
    [InlineData("Requires", "gate@app@y.service.service netns.service")]
    [InlineData("BindsTo", "")]
    [InlineData("After", "netns.service")]
    [InlineData("TemporaryFileSystem", "/run /dev/shm:mode=1777,nosuid,nodev,size=50%")]
    [InlineData("TemporaryFileSystem", "/run:ro")]
    [InlineData("InaccessiblePaths", "/srv")]
    [InlineData("ReadWritePaths", "/dev/shm")]
    [InlineData("ReadOnlyPaths", "/run")]
    [InlineData("BindReadOnlyPaths", "/run/vpn-confinement/media.netns:/run/vpn-confinement/media.netns:rbind")]
    [InlineData("BindReadOnlyPaths", "/var/lib/resolv.conf:/etc/resolv.conf:rbind")]
    [InlineData("BindPaths", "/run/app:/run/app:rbind")]
    [InlineData("BindPaths", "/run/vpn-confinement-app@x.service:/run:rbind /run/dbus:/srv/dbus:rbind")]
    [InlineData("BindPaths", "/run/vpn-confinement-app@x.service:/run:rbind -/run/nscd:/run/nscd:rbind")]
    [InlineData("BindPaths", "/run/vpn-confinement-app@x.service:/run:rbind /:/mnt:rbind")]
    [InlineData("BindPaths", "/run/vpn-confinement-app@x.service:/run:rbind /var/run:/mnt:rbind")]
    [InlineData("BindPaths", "/run/vpn-confinement-app@x.service:/run:rbind /bin/true:/opt/my tools/vpn-confinement-gate:rbind /srv:/opt:rbind")]
    [InlineData("SystemCallFilter", "")]
    [InlineData("SystemCallFilter", "~")]
    [InlineData("SystemCallFilter", "~keyctl:EPERM")]
    [InlineData("SystemCallFilter", "~io_uring_setup_not keyctl:EPERM")]
    [InlineData("SystemCallFilter", "io_uring_setup read write")]
    [InlineData("SystemCallFilter", "accept keyctl")]
    [InlineData("SystemCallArchitectures", "")]
    [InlineData("SystemCallArchitectures", "x86")]
    [InlineData("SystemCallArchitectures", "native x86")]
    public void What_is_undone_is_named(string property, string value)
    {
        var loaded = Loaded;
        loaded[property] = value;
        Assert.Contains(property, LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn)]), loaded), StringComparison.Ordinal);
    }

    // As systemd 252, 257 and 262 show lists of what is refused and of what is allowed.
    [Theory]
    [InlineData("~io_uring_setup:kill keyctl:0")]
    [InlineData("~add_key chroot io_uring_setup:EPERM keyctl:EPERM mount")]
    [InlineData("accept accept4 access alarm write writev")]
    public void A_filter_that_refuses_as_much_or_more_is_no_difference(string filter)
    {
        var loaded = Loaded;
        loaded["SystemCallFilter"] = filter;
        Assert.Null(LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn)]), loaded));
    }

    [Fact]
    public void What_the_drop_in_gives_back_may_be_loaded()
    {
        var loaded = Loaded;
        loaded["SystemCallFilter"] = "~";
        loaded["SystemCallArchitectures"] = "x86";
        var dropIn = string.Join('\n', DropIn.Split('\n').Where(line => !line.Contains("SystemCall", StringComparison.Ordinal)));
        Assert.Null(LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", dropIn)]), loaded));
    }

    // systemd shows a name with a backslash as a word in quotes.
    [Fact]
    public void A_name_that_systemd_quotes_is_no_difference()
    {
        const string Escaped = @"app@foo\x2dbar.service";
        var loaded = Loaded;
        loaded["Requires"] = """sysinit.target "gate@app@foo\\x2dbar.service.service" netns.service""";
        loaded["BindPaths"] = @"/run/vpn-confinement-app@foo\x2dbar.service:/run:rbind /srv/media:/media:rbind";
        foreach (var key in new[] { "ExecStartPreEx", "ExecStartEx" })
        {
            loaded[key] = loaded[key].Replace("app@x.service", Escaped, StringComparison.Ordinal);
        }

        Assert.Null(LoadedAttachment.Difference(Escaped, UnitSettings.Read([new("drop-in", DropIn)]), loaded));
    }

    // As systemd 262 prints it: the sum of the flags of clone(2), and all bits where it is not set. Before 258 there is no such property.
    [Theory]
    [InlineData("1845624960", true)]
    [InlineData("1073741824", true)]
    [InlineData("1073872896", true)]
    [InlineData("net mnt", true)]
    [InlineData("", true)]
    [InlineData("0", false)]
    [InlineData("131072", false)]
    [InlineData("771883136", false)]
    [InlineData("18446744073709551615", false)]
    public void A_network_among_what_is_delegated_is_a_difference(string shown, bool differs)
    {
        var loaded = Loaded;
        loaded["DelegateNamespaces"] = shown;
        Assert.Equal(differs ? $"DelegateNamespaces is '{shown}', which takes it to the host's network" : null, LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn)]), loaded));
    }

    // Each is compared in one place.
    [Fact]
    public void Each_property_is_asked_for_once() =>
        Assert.Equal(LoadedAttachment.Properties.Distinct(StringComparer.Ordinal), LoadedAttachment.Properties);

    [Fact]
    public void What_systemd_does_not_say_is_a_difference() => Assert.All(
        LoadedAttachment.Properties.Where(p => p != "DelegateNamespaces" && !p.StartsWith("Exec", StringComparison.Ordinal)),
        property => Assert.NotNull(LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn)]), Loaded.Where(p => p.Key != property).ToDictionary())));

    // Every command systemd would run for the unit begins with the look from inside, whatever its key.
    [Theory]
    [InlineData("ExecStartEx", "/bin/true", "", "/bin/true")]
    [InlineData("ExecStartEx", Gate + " --private-run -- /bin/true", "", "/bin/true")]
    [InlineData("ExecStartEx", Gate + " -- /bin/true", "", null)]
    [InlineData("ExecStartEx", Gate + " --private-run /bin/true", "", null)]
    [InlineData("ExecStartEx", Gate + " --private-run --path=/bin", "", null)]
    [InlineData("ExecStartEx", Gate + " -- /bin/true ; flags=privileged ; start_time=", "", null)]
    [InlineData("ExecStartEx", "/opt/my tools/vpn-confinement-gate other app@x.service --private-run -- /bin/true", "", null)]
    [InlineData("ExecStopPostEx", "/bin/true", "ignore-failure", "/bin/true")]
    [InlineData("ExecReloadPostEx", "/bin/true", "privileged", "/bin/true")]
    [InlineData("ExecConditionEx", "/bin/true", "", "/bin/true")]
    public void A_command_without_the_look_is_named(string property, string words, string flags, string? path)
    {
        var loaded = Loaded;
        loaded[property] = Command(words, flags, path ?? "/opt/my tools/vpn-confinement-gate");
        var difference = LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn)]), loaded);
        Assert.Equal($"its {property[..^2]} is '{words}', which runs without the start gate's look from inside", difference);
    }

    [Fact]
    public void A_unit_of_which_systemd_names_no_command_is_a_difference() => Assert.Equal(
        "systemd names no command of it",
        LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn)]), Loaded.Where(p => !p.Key.EndsWith("Ex", StringComparison.Ordinal)).ToDictionary()));

    [Fact]
    public void A_service_whose_drop_in_names_no_gate_is_a_difference() => Assert.Contains(
        "older version",
        LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn.Split("[X-")[0])]), Loaded),
        StringComparison.Ordinal);

    [Fact]
    public void A_drop_in_that_says_nothing_is_a_difference() =>
        Assert.NotNull(LoadedAttachment.Difference(Unit, UnitSettings.Read([]), Loaded));
}
