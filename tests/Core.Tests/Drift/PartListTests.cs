using VpnConfinement.Drift;
using static VpnConfinement.Core.Tests.Drift.NamespaceSample;

namespace VpnConfinement.Core.Tests.Drift;

[Trait("guarantees", "S-32")]
public sealed class PartListTests
{
    /// <summary>
    /// For each part an observation in which it alone differs, what is said of it, and one that is unknown.
    /// </summary>
    private static readonly (string Part, NamespaceObservation Seen, string Said, NamespaceObservation Unseen)[] Cases =
    [
        ("netns", Whole with { Netns = new NetnsPresence.Lost("the name is gone") }, "the name is gone", Whole with { Netns = new NetnsPresence.Unknown("no answer") }),
        (
            "ruleset",
            Whole with { Ruleset = Known<string?>("it is gone") },
            "the ruleset of namespace media is not the one that was loaded: it is gone",
            Whole with { Ruleset = Unknown<string?>() }),
        ("namespace settings", Whole with { Setting = Known<string?>("ipv4/ip_forward") }, "the kernel setting ipv4/ip_forward in namespace media is not as it was brought up", Whole with { Setting = Unknown<string?>() }),
        ("loopback", Whole with { Loopback = Known(new LoopbackState(false, ["127.0.0.1/8"])) }, "the loopback of namespace media is down", Whole with { Loopback = Unknown<LoopbackState>() }),
        ("loopback", Whole with { Loopback = Known(new LoopbackState(true, [])) }, "the loopback of namespace media has not the address 127.0.0.1/8", Whole with { Loopback = Unknown<LoopbackState>() }),
        ("loopback", Whole with { Loopback = Known(new LoopbackState(true, ["127.0.0.1/8", "::1/128"])) }, "the loopback of namespace media has the address ::1/128", Whole with { Loopback = Unknown<LoopbackState>() }),
        ("host route", Whole with { HostRoute = Known(false) }, "the host's unreachable route to 169.254.77.4/30 is gone", Whole with { HostRoute = Unknown<bool>() }),
        (
            "host table",
            Whole with { HostTable = Known<string?>("it is gone") },
            "table inet vpnc_host_media on the host is not the one that was loaded: it is gone",
            Whole with { HostTable = Unknown<string?>() }),
        ("host rules", Whole with { HostRules = Known(false) }, "the host's routing rule that lets nothing be forwarded from vh-media is gone", Whole with { HostRules = Unknown<bool>() }),
        ("link filters", Whole with { LinkFilters = Known(false) }, "the host's end vh-media of the host link does not run its filters", Whole with { LinkFilters = Unknown<bool>() }),
        ("host end", Whole with { HostEnd = Known<LinkEndState?>(null) }, "the host's end vh-media of the host link is gone", Whole with { HostEnd = Unknown<LinkEndState?>() }),
        ("namespace end", Whole with { NamespaceEnd = Known<LinkEndState?>(null) }, "the namespace's end vn-media of the host link is gone", Whole with { NamespaceEnd = Unknown<LinkEndState?>() }),
        ("link settings", Whole with { LinkSetting = Known<string?>("ipv4/conf/vh-media/forwarding") }, "the kernel setting ipv4/conf/vh-media/forwarding on the host is not as it was brought up", Whole with { LinkSetting = Unknown<string?>() }),
        ("environment file", Whole with { Environment = Known<string?>(null) }, "/run/vpn-confinement/media.env is missing", Whole with { Environment = Unknown<string?>() }),
        ("environment file", Whole with { Environment = Known<string?>("VPN_NAMESPACE=other\n") }, "/run/vpn-confinement/media.env is not as it was written", Whole with { Environment = Unknown<string?>() }),
        (
            "endpoint pinning",
            Whole with { Pinning = Known<string?>("it is gone") },
            "the endpoints of namespace media are not pinned as they were: it is gone",
            Whole with { Pinning = Unknown<string?>() }),
        ("tunnel", Whole with { Tunnel = Known<TunnelState?>(null) }, "the link wg0 is gone", Whole with { Tunnel = Unknown<TunnelState?>() }),
        ("tunnel keys", Whole with { TunnelKeys = Known<string?>("has another private key") }, "the link wg0 has another private key", Whole with { TunnelKeys = Unknown<string?>() }),
        ("birthplace", Whole with { Birthplace = Known(false) }, "the network namespace of the socket of wg0 is gone", Whole with { Birthplace = Unknown<bool>() }),
    ];

    public static TheoryData<int> Numbers { get; } = [.. Enumerable.Range(0, Cases.Length)];

    [Fact]
    public void A_whole_namespace_has_no_drift() => Assert.Empty(PartList.Compare(Planned, Whole));

    [Fact]
    public void Each_part_is_compared_here_and_has_a_name_of_its_own()
    {
        Assert.Equal(PartList.OfNamespace.Select(p => p.Name).Order(), Cases.Select(c => c.Part).Distinct().Order());
        Assert.All(PartList.All, part => Assert.Equal(part.Damages.Count == 3, part.OtherDamages is null));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void What_differs_is_said_of_its_part(int number)
    {
        var (part, seen, said, _) = Cases[number];
        var entry = Assert.Single(PartList.Compare(Planned, seen));
        Assert.Equal((part, said, false), (entry.Part!.Name, entry.Text, entry.IsUnknown));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void What_cannot_be_seen_is_never_a_pass(int number)
    {
        var (part, _, _, unseen) = Cases[number];
        var entry = Assert.Single(PartList.Compare(Planned, unseen));
        Assert.Equal((part, true), (entry.Part!.Name, entry.IsUnknown));
        Assert.Contains("no answer", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_cannot_be_held_against_anything_is_no_pass_and_is_loaded_again_in_place()
    {
        var entries = PartList.Compare(Planned, Whole with
        {
            Ruleset = Unproven<string?>(),
            HostTable = Unproven<string?>(),
            Pinning = Unproven<string?>(),
        });
        Assert.Equal(
            [
                "it is not known whether the ruleset of namespace media is the one that was loaded: nothing was written down",
                "it is not known whether table inet vpnc_host_media on the host is the one that was loaded: nothing was "
                    + "written down",
                "it is not known whether the pinning of endpoints of namespace media is the one that was loaded: nothing was "
                    + "written down",
            ],
            entries.Select(entry => entry.Text));
        Assert.All(entries, entry => Assert.True(
            entry is { IsUnknown: true, IsUnproven: true, IsToRepair: true, IsRepairedInPlace: true }));
        Assert.All(entries, entry => Assert.Contains("in place", entry.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void A_namespace_that_is_down_needs_the_hosts_route_alone()
    {
        var down = new NamespaceObservation { Netns = new NetnsPresence.Down(), HostRoute = Known(true) };
        Assert.Empty(PartList.Compare(Planned, down));
        var gone = PartList.Compare(Planned, down with { HostRoute = Known(false) });
        Assert.Equal("host route", Assert.Single(gone).Part!.Name);
        Assert.Empty(PartList.Compare(Planned with { HostLink = null }, down with { HostRoute = null }));
    }

    [Fact]
    public void Without_a_host_link_pinning_or_a_tunnel_nothing_of_them_is_wanted()
    {
        var bare = new NamespaceObservation
        {
            Netns = new NetnsPresence.Up(),
            Ruleset = Known<string?>(null),
            Setting = Known<string?>(null),
            Loopback = Known(new LoopbackState(true, ["127.0.0.1/8", "::1/128"])),
            Environment = Known<string?>("VPN_NAMESPACE=media\nVPN_INTERFACE=wg0\n"),
        };
        Assert.Empty(PartList.Compare(Planned with { HostLink = null, Pinning = null, DisableIPv6 = false }, bare));
    }
}
