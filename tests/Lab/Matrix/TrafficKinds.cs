using System.Net;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Matrix;

/// <summary>The rows of the leak matrix.</summary>
public static class TrafficKinds
{
    /// <summary>What a confined process does all day: it may work through the tunnel, and must not work without it.</summary>
    public static IReadOnlyList<TrafficKind> Plain { get; } =
    [
        new("web", "S-3 S-6", Fate.Tunnel, Get(Addresses.Web)),
        new("machines-gateway", "S-3 S-6", Fate.Tunnel, Get(Addresses.Gateway)),
        new("udp", "S-3 S-6", Fate.Tunnel, Send(Addresses.Web, 47001)),
        new("ping", "S-3 S-6", Fate.Tunnel, new(AgentOperation.Ping) { Address = $"{Addresses.Web}" }),
        new("dns-pinned", "S-4 S-6", Fate.Tunnel, Query(Addresses.PinnedResolver)),
        new("lookup", "S-4 S-6", Fate.Tunnel, new(AgentOperation.Resolve) { Name = "plain.example" }),
    ];

    /// <summary>What a process can try besides its tunnel without any privilege, most of it towards something that would answer.</summary>
    public static IReadOnlyList<TrafficKind> Besides { get; } =
    [
        new("dns-other", "S-4", Fate.Refused, Query(Addresses.OtherResolver)),
        new("dns-hosts-resolver", "S-4", Fate.Refused, Query(Addresses.OrdinaryResolver)),
        new("dns-other-tcp", "S-4", Fate.Refused, Query(Addresses.OtherResolver) with { Stream = true }),
        new("dot-other", "S-4", Fate.Refused, Connect(Addresses.OtherResolver, 853)),
        new("ipv6-web", "S-3", Fate.Closed, Get(Addresses.Web6)),
        new("ipv6-udp", "S-3", Fate.Closed, Send(Addresses.Web6, 47001)),
        new("device-uplink-web", "S-3", Fate.Closed, Get(Addresses.Web) with { Device = Addresses.UplinkName }),
        new("device-uplink-udp", "S-3", Fate.Closed, Send(Addresses.Web, 47002) with { Device = Addresses.UplinkName }),
        new("raw-ping", "S-3", Fate.Closed, new(AgentOperation.RawPing) { Address = $"{Addresses.Web}" }) { OfRoot = Fate.Unheard },
        new("broadcast", "S-3", Fate.Unheard, Send("255.255.255.255", 47003)) { Unconfined = Send("255.255.255.255", 47003) with { Device = Addresses.UplinkName } },
        new("broadcast-uplink", "S-3", Fate.Closed, Send("198.51.100.255", 47004) with { Device = Addresses.UplinkName }),
        new("mdns", "S-4", Fate.Unheard, Send("224.0.0.251", 5353)),
        new("multicast", "S-3", Fate.Unheard, Send("239.1.2.3", 47005)),
        new("metadata", "S-3", Fate.Refused, Connect("169.254.169.254", 80)),
    ];

    /// <summary>Every row: <see cref="Plain"/> and <see cref="Besides"/>, and the less usual, for which the machine has to be as <see cref="Place"/> says.</summary>
    public static IReadOnlyList<TrafficKind> All { get; } = [.. Plain, .. Besides, .. ResolverKinds.All, .. TransportKinds.All, .. NearbyKinds.All, .. PrivilegedKinds.All, .. KernelKinds.All];

    internal static AgentRequest Get(IPAddress address) => new(AgentOperation.Get) { Address = $"{address}", Port = 80 };

    internal static AgentRequest Connect(IPAddress address, int port) => Connect($"{address}", port);

    internal static AgentRequest Connect(string address, int port) => new(AgentOperation.Connect) { Address = address, Port = port };

    internal static AgentRequest Send(IPAddress address, int port) => Send($"{address}", port);

    internal static AgentRequest Send(string address, int port) => new(AgentOperation.Send) { Address = address, Port = port };

    internal static AgentRequest Query(IPAddress server) => new(AgentOperation.Query) { Address = $"{server}", Port = 53, Name = "escape.example" };
}
