using System.Net;
using VpnConfinement.Diagnostics;
using VpnConfinement.Doctor;
using VpnConfinement.Drift;
using VpnConfinement.Health;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Doctor;

/// <summary>A host on which nothing is wrong, and for each code of <c>doctor</c> a host that has it alone.</summary>
internal static class DoctorCases
{
    internal const string Key = "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=";
    internal const string OtherKey = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

    internal const string Echo = "echo requests to 10.64.0.1";

    internal static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly IPEndPoint Endpoint = new(IPAddress.Parse("198.51.100.7"), 51820);

    internal static PeerFacts Peer => new(
        Key, Endpoint, Known<EndpointRoute>(new EndpointRoute.Over("eth0", "", 1500)), 1480, Now.AddSeconds(-30));

    internal static DoctorFacts Clean => new()
    {
        Systemd = Known<SystemdFact?>(new SystemdFact(257, HasBpfFramework: true)),
        HasUnifiedGroups = Known(true),
        HasKernelWireGuard = Known(true),
        UserspaceWireGuard = Known<string?>(null),
        Nftables = Known<string?>("1.1.3"),
        Inotify = Known(new InotifyUse(9, 128)),
        Clock = Known(new ClockReading(Now, Now.AddMinutes(-5), "/var/lib/dpkg/status")),
        Running = Known<IReadOnlyCollection<string>>(["systemd-networkd.service", "downloader.service"]),
        WgQuick = Known<IReadOnlyList<string>>(["wg-quick@home.service"]),
        NetworkFiles = Known<IReadOnlyList<NetworkFile>>(
        [
            new(
                "/etc/systemd/network/05-vpn-confinement.network",
                "[Match]\nName=vh-a vpnc*\n\n[Link]\nUnmanaged=yes\n"),
            new("/etc/systemd/network/10-lan.network", "[Match]\nName=*\n"),
        ]),
        ForeignTunnels = Known<IReadOnlyList<ForeignTunnel>>([new("home", OtherKey), new("empty", null)]),
        DroppingChains = Known<IReadOnlyList<string>>(["chain input of table inet filter"]),
        Namespaces = Known<IReadOnlyList<NamespaceFacts>>([Media(Peer)]),
        Checked = [],
        ConfigurationFiles = ["/etc/vpn-confinement/config.toml", "/etc/wireguard/provider.conf"],
        Health = Known<IReadOnlyList<HealthEntry>>([Entry(HealthKind.Tunnel, "wg0", HealthState.Working)]),
    };

    /// <summary>The hosts by code.</summary>
    internal static Dictionary<string, DoctorFacts> ByCode => new(StringComparer.Ordinal)
    {
        ["no-systemd"] = Clean with
        {
            Systemd = Known<SystemdFact?>(null),
            HasUnifiedGroups = Known(false),
            Running = Unknown<IReadOnlyCollection<string>>(),
            WgQuick = Unknown<IReadOnlyList<string>>(),
            Health = Unknown<IReadOnlyList<HealthEntry>>(),
        },
        ["systemd-too-old"] = Clean with
        {
            Systemd = Known<SystemdFact?>(new SystemdFact(247, HasBpfFramework: false)),
        },
        ["no-unified-cgroups"] = Clean with { HasUnifiedGroups = Known(false) },
        ["no-wireguard"] = Clean with { HasKernelWireGuard = Known(false) },
        ["no-nftables"] = Clean with { Nftables = Known<string?>(null) },
        ["inotify-instances-low"] = Clean with { Inotify = Known(new InotifyUse(126, 128)) },
        ["clock-behind"] = Clean with
        {
            Clock = Known(new ClockReading(Now, Now.AddDays(40), "/var/lib/systemd/timesync/clock")),
        },
        ["no-route-to-endpoint"] = WithPeer(Peer with { Route = Known<EndpointRoute>(new EndpointRoute.None()) }),
        ["endpoint-is-this-host"] = WithPeer(Peer with { Route = Known<EndpointRoute>(new EndpointRoute.Local()) }),
        ["endpoint-over-tunnel"] = WithPeer(
            Peer with { Route = Known<EndpointRoute>(new EndpointRoute.Over("wg-home", "wireguard", 1500)) }),
        ["mtu-too-large"] = WithPeer(
            Peer with { Route = Known<EndpointRoute>(new EndpointRoute.Over("ppp0", "ppp", 1412)) }),
        ["no-answer"] = Silent,
        ["packets-refused"] = WithPeer(Peer with { SentBytes = 0, LatestHandshake = null }) with
        {
            DroppingChains = Known<IReadOnlyList<string>>(["chain output of table inet filter"]),
            Health = Known<IReadOnlyList<HealthEntry>>([
                Entry(HealthKind.Tunnel, "wg0", HealthState.Idle),
                Entry(HealthKind.Resolver, "resolver", HealthState.Blocked)]),
        },
        ["key-used-twice"] = Clean with { ForeignTunnels = Known<IReadOnlyList<ForeignTunnel>>([new("home", Key)]) },
        ["networkd-takes-link"] = Clean with
        {
            NetworkFiles = Known<IReadOnlyList<NetworkFile>>(
                [new("/etc/systemd/network/00-all.network", "[Match]\nName=*\n")]),
        },
        ["ruleset-flushed"] = Clean with { Running = Known<IReadOnlyCollection<string>>(["nftables.service"]) },
        ["wg-quick-same-file"] = Clean with { WgQuick = Known<IReadOnlyList<string>>(["wg-quick@provider.service"]) },
        ["control-not-enforced"] = WithFinding(
            "VPC107", Severity.Warning, "This systemd does not enforce restrictBind.", "Take the line out."),
        ["key-file-readable"] = WithFinding(
            "VPC109", Severity.Warning, "/etc/wireguard/media.key holds a key and others can read it.",
            "Run 'chmod 600 /etc/wireguard/media.key'."),
        ["link-name-claimed"] = WithFinding(
            "VPC110", Severity.Warning, "systemd-networkd's stock files claim ve-media and would give it DHCP and NAT.",
            "Write another name."),
        ["key-file-missing"] = WithFinding(
            "VPC111", Severity.Warning, "/etc/wireguard/media.key is not there.", "Make it before the tunnel starts."),
        ["daemon-takes-link"] = WithFinding(
            "VPC120", Severity.Warning, "dhcpcd takes every link with a carrier, the host link too.",
            "Write into /etc/dhcpcd.conf: denyinterfaces vh-a vpnc*"),
        ["configuration-refused"] = WithFinding(
            "VPC021", Severity.Error, "dns.example is not the address of a resolver.", "Write an address."),
        ["resolver-silent"] = WithHealth(Entry(
            HealthKind.Resolver, "resolver", HealthState.Blocked, "no answer from 10.64.0.1")),
        ["not-working"] = WithHealth(Entry(
            HealthKind.Service, "app.service", HealthState.Failed, "it failed (exit-code)") with
            {
                Remedy = "journalctl -u app.service",
            }),
        ["cannot-tell"] = Clean with { Inotify = Unknown<InotifyUse>() },
    };

    internal static DoctorFacts Silent => WithPeer(Peer with { LatestHandshake = null }) with
    {
        Health = Known<IReadOnlyList<HealthEntry>>(
            [
                Entry(HealthKind.Tunnel, "wg0", HealthState.Blocked),
                Entry(HealthKind.Resolver, "resolver", HealthState.Blocked),
            ]),
    };

    internal static DoctorFacts WithPeer(PeerFacts peer) =>
        Clean with { Namespaces = Known<IReadOnlyList<NamespaceFacts>>([Media(peer)]) };

    internal static NamespaceFacts Media(PeerFacts peer, string name = "media") =>
        new(name, "vh-a", Known<TunnelFacts?>(
            new TunnelFacts("wg0", Key, 1420, [peer], Known<TunnelRoom?>(new TunnelRoom(Echo, 1420, null)))));

    /// <summary>The clean host, whose tunnel has another measured room.</summary>
    internal static DoctorFacts WithRoom(Observation<TunnelRoom?> room, PeerFacts? peer = null) => Clean with
    {
        Namespaces = Known<IReadOnlyList<NamespaceFacts>>([
            new("media", "vh-a", Known<TunnelFacts?>(new TunnelFacts("wg0", Key, 1420, [peer ?? Peer], room)))]),
    };

    internal static DoctorFacts WithHealth(params HealthEntry[] entries) =>
        Clean with { Health = Known<IReadOnlyList<HealthEntry>>(entries) };

    internal static HealthEntry Entry(HealthKind kind, string name, HealthState state, string reason = "it is so") =>
        new(kind, "media", name, state, reason, null, null);

    internal static Observation<T> Known<T>(T value) => new Observation<T>.Known(value);

    internal static Observation<T> Unknown<T>() => new Observation<T>.Unknown("the kernel said no");

    private static DoctorFacts WithFinding(string code, Severity severity, string message, string remedy) => Clean with
    {
        Checked = [new Diagnostic(code, severity, "", message, remedy, SourceSpan.WholeFile("config.toml"))],
    };
}
