using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.State;

/// <summary>What systemd has loaded against the drop-in as it was applied (S-27).</summary>
[Trait("guarantees", "S-27")]
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
        BindPaths=/run/vpn-confinement-%n:/run
        BindPaths=/run/app
        ExecCondition=
        ExecCondition="/opt/my tools/vpn-confinement" gate inside media %n --private-run
        ExecCondition=/bin/true
        """;

    private static Dictionary<string, string> Loaded => new(StringComparer.Ordinal)
    {
        ["NetworkNamespacePath"] = "/run/netns/media",
        ["JoinsNamespaceOf"] = "",
        ["PrivateNetwork"] = "no",
        ["Requires"] = "sysinit.target gate@app@x.service.service netns.service",
        ["BindsTo"] = "netns.service",
        ["After"] = "wireguard.service netns.service basic.target",
        ["TemporaryFileSystem"] = "/tmp /run:ro",
        ["BindReadOnlyPaths"] = "/var/lib/resolv.conf:/etc/resolv.conf:rbind /run/vpn-confinement/media.netns:/run/vpn-confinement/media.netns:rbind",
        ["BindPaths"] = "/run/vpn-confinement-app@x.service:/run:rbind",
        ["ExecConditionEx"] = "{ path=/opt/my tools/vpn-confinement ; argv[]=/opt/my tools/vpn-confinement gate inside media app@x.service --private-run ; flags= ; start_time=[n/a] }\n{ path=/bin/true ; argv[]=/bin/true ; flags= ; start_time=[n/a] }",
    };

    [Fact]
    public void What_is_loaded_as_it_was_written_is_no_difference() =>
        Assert.Null(LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn)]), Loaded));

    [Theory]
    [InlineData("NetworkNamespacePath", "")]
    [InlineData("NetworkNamespacePath", "/run/netns/media2")]
    [InlineData("JoinsNamespaceOf", "other.service")]
    [InlineData("PrivateNetwork", "yes")]
    [InlineData("Requires", "netns.service")]
    [InlineData("Requires", "gate@app@y.service.service netns.service")]
    [InlineData("BindsTo", "")]
    [InlineData("After", "netns.service")]
    [InlineData("TemporaryFileSystem", "/run")]
    [InlineData("BindReadOnlyPaths", "/run/vpn-confinement/media.netns:/run/vpn-confinement/media.netns:rbind")]
    [InlineData("BindReadOnlyPaths", "/var/lib/resolv.conf:/etc/resolv.conf:rbind")]
    [InlineData("BindPaths", "/run/app:/run/app:rbind")]
    [InlineData("BindPaths", "/run/vpn-confinement-app@x.service:/run:rbind /run/dbus:/srv/dbus:rbind")]
    [InlineData("BindPaths", "/run/vpn-confinement-app@x.service:/run:rbind -/run/nscd:/run/nscd:rbind")]
    [InlineData("BindPaths", "/run/vpn-confinement-app@x.service:/run:rbind /:/mnt:rbind")]
    [InlineData("BindPaths", "/run/vpn-confinement-app@x.service:/run:rbind /var/run:/mnt:rbind")]
    [InlineData("BindPaths", "/run/vpn-confinement-app@x.service:/run:rbind /bin/true:/opt/my tools/vpn-confinement:rbind /srv:/opt:rbind")]
    [InlineData("ExecCondition", "{ path=/bin/true ; argv[]=/opt/my tools/vpn-confinement gate inside media app@x.service --private-run ; flags= ; start_time=[n/a] }")]
    [InlineData("ExecCondition", "")]
    [InlineData("ExecCondition", "{ path=/bin/true ; argv[]=/bin/true ; flags= ; start_time=[n/a] }")]
    [InlineData("ExecCondition", "{ path=/opt/my tools/vpn-confinement ; argv[]=/opt/my tools/vpn-confinement gate inside media app@x.service --private-run ; flags=ignore-failure ; start_time=[n/a] }")]
    [InlineData("ExecCondition", "{ path=/opt/my tools/vpn-confinement ; argv[]=/opt/my tools/vpn-confinement gate inside media app@x.service ; flags= ; start_time=[n/a] }")]
    public void What_is_undone_is_named(string property, string value)
    {
        var loaded = Loaded;
        loaded[property is "ExecCondition" ? "ExecConditionEx" : property] = value;
        Assert.Contains(property, LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn)]), loaded), StringComparison.Ordinal);
    }

    // systemd shows a name with a backslash as a word in quotes.
    [Fact]
    public void A_name_that_systemd_quotes_is_no_difference()
    {
        const string Escaped = @"app@foo\x2dbar.service";
        var loaded = Loaded;
        loaded["Requires"] = """sysinit.target "gate@app@foo\\x2dbar.service.service" netns.service""";
        loaded["BindPaths"] = @"/run/vpn-confinement-app@foo\x2dbar.service:/run:rbind /srv/media:/media:rbind";
        loaded["ExecConditionEx"] = loaded["ExecConditionEx"].Replace("app@x.service", Escaped, StringComparison.Ordinal);
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
    [Trait("guarantees", "S-35")]
    public void A_network_among_what_is_delegated_is_a_difference(string shown, bool differs)
    {
        var loaded = Loaded;
        loaded["DelegateNamespaces"] = shown;
        Assert.Equal(differs ? $"DelegateNamespaces is '{shown}', which takes it to the host's network" : null, LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn)]), loaded));
    }

    [Fact]
    public void What_systemd_does_not_say_is_a_difference() => Assert.All(
        LoadedAttachment.Properties.Except(["DelegateNamespaces"]),
        property => Assert.NotNull(LoadedAttachment.Difference(Unit, UnitSettings.Read([new("drop-in", DropIn)]), Loaded.Where(p => p.Key != property).ToDictionary())));

    [Fact]
    public void A_drop_in_that_says_nothing_is_a_difference() =>
        Assert.NotNull(LoadedAttachment.Difference(Unit, UnitSettings.Read([]), Loaded));
}
