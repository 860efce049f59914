using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Worlds;
using static VpnConfinement.Lab.Matrix.TrafficKinds;

namespace VpnConfinement.Lab.Matrix;

/// <summary>Ways to have a name looked up: every protocol of a resolver, every source of libc's name service, every daemon that would ask for one.</summary>
internal static class ResolverKinds
{
    public static IReadOnlyList<TrafficKind> All { get; } =
    [
        new("dns-pinned-tcp", "S-4 S-6", Fate.Tunnel, Query(Addresses.PinnedResolver) with { Stream = true }),
        new("nss-dns", "S-4 S-6", Fate.Tunnel, new(AgentOperation.Lookup) { Path = "dns", Name = "nss.example" }),
        new("dns-other-udplite", "S-4", Fate.Refused, Send(Addresses.OtherResolver, 53) with { Protocol = Libc.IPPROTO_UDPLITE }),
        new("dns-hosts-stub", "S-4", Fate.Closed, new(AgentOperation.Query) { Address = "127.0.0.53", Port = 53, Name = "escape.example" }),
        new("dot-pinned", "S-4", Fate.Refused, Connect(Addresses.PinnedResolver, 853)),
        new("doq-other", "S-4", Fate.Refused, Send(Addresses.OtherResolver, 853)),
        new("mdns-unicast", "S-4", Fate.Refused, Send(Addresses.OtherResolver, 5353)),
        new("mdns-tunnel", "S-4", Fate.Unheard, Send("224.0.0.251", 5353) with { Device = Place.Tunnel }) { Unconfined = Send("224.0.0.251", 5353) with { Device = Addresses.UplinkName } },
        new("mdns-host-link", "S-4 S-5", Fate.Unheard, Send("224.0.0.251", 5353) with { Device = Place.HostLink }) { Unconfined = Send("224.0.0.251", 5353) with { Device = Addresses.UplinkName } },
        new("mdns-ipv6", "S-4", Fate.Unheard, Send("ff02::fb", 5353) with { Device = Place.Tunnel }) { Unconfined = Send("ff02::fb", 5353) with { Device = Addresses.UplinkName } },
        new("llmnr", "S-4", Fate.Unheard, Send("224.0.0.252", 5355)),
        new("llmnr-unicast", "S-4", Fate.Refused, Send(Addresses.OtherResolver, 5355)),
        new("llmnr-ipv6", "S-4", Fate.Unheard, Send("ff02::1:3", 5355) with { Device = Place.Tunnel }) { Unconfined = Send("ff02::1:3", 5355) with { Device = Addresses.UplinkName } },
        // What libc's modules nscd, resolve and mdns do is to call these.
        Daemon("nscd", "/run/nscd/socket"),
        Daemon("resolved-varlink", "/run/systemd/resolve/io.systemd.Resolve"),
        Daemon("system-bus", "/run/dbus/system_bus_socket"),
        Daemon("avahi", "/run/avahi-daemon/socket"),
        Daemon("container-engine", "/run/docker.sock"),
        Daemon("abstract-socket", Place.AbstractSocket),
        // Daemons that act for a caller, with their sockets outside /run.
        Engine("engine-in-var-lib", Place.EngineSocket),
        Engine("engine-of-builds", Place.BuildSocket),
        Engine("engine-in-shared-memory", Place.SharedMemorySocket),
    ];

    private static TrafficKind Engine(string id, string path) => new(id, "S-33", Fate.Closed, new(AgentOperation.Call) { Path = path });

    private static TrafficKind Daemon(string id, string path) => new(id, "S-4", Fate.Closed, new(AgentOperation.Call) { Path = path });
}
