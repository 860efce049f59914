using System.Net;
using VpnConfinement.Compile;
using VpnConfinement.Drift;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Core.Tests.Drift;

/// <summary>A namespace that has every part, and an observation of it in which nothing differs.</summary>
internal static class NamespaceSample
{
    internal static NamespacePlan Planned { get; } = new()
    {
        Version = NamespacePlan.CurrentVersion,
        Namespace = "media",
        RulesetSha256 = "",
        DisableIPv6 = true,
        HostLink = new HostLinkPlan
        {
            HostInterface = Link("vh-media"),
            NamespaceInterface = Link("vn-media"),
            HostAddress = IPAddress.Parse("169.254.77.5"),
            NamespaceAddress = IPAddress.Parse("169.254.77.6"),
            Subnet = IPNetwork.Parse("169.254.77.4/30"),
            HostMac = MacAddress.FromBytes([2, 0, 0, 0, 0, 1]),
            NamespaceMac = MacAddress.FromBytes([2, 0, 0, 0, 0, 2]),
            HostTable = "vpnc_host_media",
        },
        WireGuard = new WireGuardPlan
        {
            Interface = Link("wg0"),
            Implementation = WireGuardImplementation.Auto,
            Addresses = [new InterfaceAddress(IPAddress.Parse("10.64.0.2"), 32)],
            Routes = [IPNetwork.Parse("0.0.0.0/0")],
            Mtu = 1420,
            ListenPort = null,
            FwMark = 1,
            PrivateKeyFile = "/k",
            GeneratePrivateKey = false,
            Birthplace = null,
            BirthplaceManaged = false,
            Resolvers = [],
            Peers =
            [
                new PeerPlan
                {
                    PublicKey = Key('k'),
                    PresharedKeyFile = null,
                    Endpoint = IPEndPoint.Parse("198.51.100.7:51820"),
                    EndpointName = null,
                    RefreshSeconds = 0,
                    AllowedIPs = [IPNetwork.Parse("0.0.0.0/0")],
                    PersistentKeepalive = 25,
                },
            ],
        },
        PinnedFiles = [],
        Pinning = new PinPlan { Table = "vpnc_endpoint_pin_x", Mark = 1 },
        Policy = null,
    };

    internal static LinkEndState HostEnd { get; } = End("vh-media", "02:00:00:00:00:01", "169.254.77.5/30");

    internal static LinkEndState NamespaceEnd { get; } = End("vn-media", "02:00:00:00:00:02", "169.254.77.6/30");

    internal static TunnelState Tunnel { get; } = new()
    {
        IsUp = true,
        Mtu = 1420,
        RouteMtu = null,
        Addresses = ["10.64.0.2/32"],
        Routes = [new LinkRouteState("0.0.0.0/0", 254, false)],
        Device = new DeviceState(1, 51820, [new PeerState(Key('k'), ["0.0.0.0/0"], 25)]),
    };

    internal static NamespaceObservation Whole { get; } = new()
    {
        Netns = new NetnsPresence.Up(),
        HasTunnel = true,
        Ruleset = Known<string?>(null),
        Setting = Known<string?>(null),
        Loopback = Known(new LoopbackState(true, ["127.0.0.1/8"])),
        Environment = Known<string?>(EnvironmentText.Of(Planned)),
        HostEnd = Known<LinkEndState?>(HostEnd),
        NamespaceEnd = Known<LinkEndState?>(NamespaceEnd),
        LinkFilters = Known(true),
        LinkSetting = Known<string?>(null),
        HostTable = Known<string?>(null),
        HostRules = Known(true),
        HostRoute = Known(true),
        Tunnel = Known<TunnelState?>(Tunnel),
        TunnelKeys = Known<string?>(null),
        Birthplace = Known(true),
        Pinning = Known<string?>(null),
    };

    internal static Observation<T> Known<T>(T value) => new Observation<T>.Known(value);

    internal static Observation<T> Unknown<T>() => new Observation<T>.Unknown("no answer");

    internal static Observation<T> Unproven<T>() => new Observation<T>.Unproven("nothing was written down");

    internal static PublicKey Key(char letter) => PublicKey.FromBytes([.. Enumerable.Repeat((byte)letter, 32)]);

    internal static InterfaceName Link(string name) =>
        InterfaceName.TryParse(name, out var parsed) ? parsed : throw new FormatException(name);

    private static LinkEndState End(string name, string hardwareAddress, string address) => new()
    {
        Name = name,
        IsUp = true,
        Mtu = 1500,
        HardwareAddress = hardwareAddress,
        Master = null,
        Alias = "vpn-confinement:media",
        MakesAddresses = false,
        Addresses = [address],
        Routes = [new LinkRouteState("169.254.77.4/30", 254, true)],
    };
}
