using VpnConfinement.Drift;
using static VpnConfinement.Core.Tests.Drift.NamespaceSample;

namespace VpnConfinement.Core.Tests.Drift;

public sealed class LinkEndComparisonTests
{
    private static readonly LinkRouteState Connected = new("169.254.77.4/30", 254, true);

    private static readonly (LinkEndState Seen, string[] Said)[] Cases =
    [
        (HostEnd with { Name = "vh-away" }, ["is called vh-away"]),
        (HostEnd with { Master = "br0" }, ["is a port of br0"]),
        (HostEnd with { HardwareAddress = "02:00:00:00:00:09" }, ["has another hardware address (02:00:00:00:00:09)"]),
        (HostEnd with { HardwareAddress = null }, ["has another hardware address (none)"]),
        (HostEnd with { Alias = "" }, ["has not the alias vpn-confinement:media, by which it is known as made by us"]),
        (HostEnd with { Mtu = 1280 }, ["has the MTU 1280 and not 1500"]),
        (HostEnd with { MakesAddresses = true }, ["makes IPv6 addresses by itself"]),
        (HostEnd with { IsUp = false, Routes = [] }, ["is down"]),
        (HostEnd with { Addresses = [], Routes = [] }, ["has not the address 169.254.77.5/30"]),
        (HostEnd with { Addresses = ["169.254.77.5/16"], Routes = [] }, ["has not the address 169.254.77.5/30", "has the address 169.254.77.5/16"]),
        (HostEnd with { Addresses = ["169.254.77.5/30", "fe80::1/64"] }, ["has the address fe80::1/64"]),
        (HostEnd with { Routes = [] }, ["has no route to 169.254.77.4/30"]),
        (HostEnd with { Routes = [Connected with { Table = 7 }] }, ["has no route to 169.254.77.4/30", "has the route to 169.254.77.4/30 (table 7)"]),
        (HostEnd with { Routes = [Connected with { IsConnected = false }] }, ["has no route to 169.254.77.4/30", "has the route to 169.254.77.4/30"]),
        (HostEnd with { Routes = [Connected, new("169.254.0.0/16", 254, false)] }, ["has the route to 169.254.0.0/16"]),
        (HostEnd with { Routes = [Connected, new("0.0.0.0/0", 77, false)] }, ["has the route to 0.0.0.0/0 (table 77)"]),
        (HostEnd with { Routes = [Connected, new("169.254.0.0/16", 254, true)] }, ["has the route to 169.254.0.0/16"]),
    ];

    public static TheoryData<int> Numbers { get; } = [.. Enumerable.Range(0, Cases.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Every_difference_is_said(int number)
    {
        var (seen, said) = Cases[number];
        var drift = PartList.Compare(Planned, Whole with { HostEnd = Known<LinkEndState?>(seen) });
        Assert.Equal(
            said.Select(clause => $"the host's end vh-media of the host link {clause}"), drift.Select(d => d.Text));
        Assert.All(drift, entry => Assert.True(entry.IsRepairedInPlace));
    }

    [Fact]
    public void The_other_end_is_held_against_its_own()
    {
        var drift = PartList.Compare(Planned, Whole with { NamespaceEnd = Known<LinkEndState?>(HostEnd) });
        Assert.Equal(4, drift.Count);
        Assert.All(drift, entry => Assert.StartsWith(
            "the namespace's end vn-media of the host link ", entry.Text, StringComparison.Ordinal));
    }
}
