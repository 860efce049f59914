using System.Net;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Processes;

namespace VpnConfinement.Lab.Worlds;

/// <summary>
/// The outside world in two network namespaces: the internet (the machine's gateway, a web server, two resolvers) and, behind it,
/// a VPN provider. Nothing here can reach the real network.
/// </summary>
public sealed class World : IDisposable
{
    /// <summary>The world's end of the machine's uplink.</summary>
    public const string UplinkPeer = "tomachine";

    /// <summary>The internet's end of the provider's uplink.</summary>
    public const string ProviderPeer = "toprovider";

    private readonly Stack<IDisposable> _parts = new();

    private World()
    {
        Internet = Keep(NetworkNamespace.Create());
        ProviderPlace = Keep(NetworkNamespace.Create());
    }

    internal NetworkNamespace Internet { get; }

    internal NetworkNamespace ProviderPlace { get; }

    public VpnProvider Provider { get; private set; } = null!;

    public DnsServer OrdinaryResolver { get; private set; } = null!;

    public DnsServer OtherResolver { get; private set; } = null!;

    public DnsServer PinnedResolver { get; private set; } = null!;

    /// <summary>Makes the world; no machine is plugged into it yet.</summary>
    public static World Create()
    {
        var world = new World();
        try
        {
            Ip(world.Internet, "link", "set", "lo", "up");
            Sysctl(world.Internet, "net/ipv4/ip_forward=1");
            // Servers are there before the uplink whose addresses some of them serve.
            Sysctl(world.Internet, "net/ipv4/ip_nonlocal_bind=1");
            Sysctl(world.Internet, "net/ipv6/ip_nonlocal_bind=1");
            world.ConnectProvider();
            world.StartServers();
            return world;
        }
        catch
        {
            world.Dispose();
            throw;
        }
    }

    /// <summary>Gives the provider another address besides; tunnel packets to its first one are lost from then on, or arrive again.</summary>
    public void MoveProvider(IPAddress address, bool away)
    {
        Ip(ProviderPlace, "address", away ? "add" : "delete", $"{address}/32", "dev", "lo");
        Ip(Internet, "route", away ? "add" : "delete", $"{address}/32", "via", $"{Addresses.Provider}", "dev", ProviderPeer, "onlink");
        Nft(Internet, away
            ? $"table ip moved {{ chain forward {{ type filter hook forward priority filter; ip daddr {Addresses.Provider} udp dport {Addresses.WireGuardPort} drop; }}; }}\n"
            : "delete table ip moved\n");
    }

    /// <summary>Has the provider go away: what is sent to it is lost, or arrives again.</summary>
    public void LoseProvider(bool away) => Nft(Internet, away
        ? $"table ip lost {{ chain forward {{ type filter hook forward priority filter; ip daddr {Addresses.Provider} udp dport {Addresses.WireGuardPort} drop; }}; }}\n"
        : "table ip lost {\n}\ndelete table ip lost\n");

    /// <summary>
    /// Makes the way to the provider narrow: larger packets of a tunnel are lost there, and nobody is told.
    /// </summary>
    /// <param name="room">Bytes of the largest packet that passes, its IP header included; null for all.</param>
    public void NarrowWay(int? room) => Nft(Internet, "table ip narrow {\n}\ndelete table ip narrow\n" + (room is null
        ? ""
        : "table ip narrow { chain forward { type filter hook forward priority filter; "
            + $"meta l4proto udp meta length > {room} drop; }}; }}\n"));

    /// <summary>Has the provider ignore echo requests, as some do, or answer them again.</summary>
    public void IgnoreEcho(bool ignore) => Sysctl(ProviderPlace, $"net/ipv4/icmp_echo_ignore_all={(ignore ? 1 : 0)}");

    public void Dispose()
    {
        while (_parts.TryPop(out var part))
        {
            part.Dispose();
        }
    }

    /// <summary>
    /// Makes a network for a machine: plugged into the world and configured before anything runs in it, so that the first packet of the first
    /// process has somewhere to go. Takes the place of the last one.
    /// </summary>
    internal NetworkNamespace PlugIn()
    {
        var machine = NetworkNamespace.Create();
        try
        {
            Configure(machine);
            return machine;
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    private void Configure(NetworkNamespace machine)
    {
        if (Command.Run("nsenter", $"--net={Internet.Path}", Command.Find("ip"), "link", "show", UplinkPeer).Succeeded)
        {
            Ip(Internet, "link", "delete", UplinkPeer);
        }

        Ip(Internet, "link", "add", UplinkPeer, "type", "veth", "peer", "name", Addresses.UplinkName, "netns", machine.Path);
        Ip(Internet, "address", "add", $"{Addresses.Gateway}/24", "dev", UplinkPeer);
        Ip(Internet, "address", "add", $"{Addresses.Gateway6}/64", "dev", UplinkPeer, "nodad");
        Ip(Internet, "address", "add", $"{Addresses.Web6}/64", "dev", UplinkPeer, "nodad");
        Ip(Internet, "link", "set", UplinkPeer, "up");
        // A neighbour that tries the addresses of host links through the machine, as anyone on the same network may.
        Ip(Internet, "route", "add", "169.254.0.0/16", "via", $"{Addresses.Machine}", "onlink", "dev", UplinkPeer);

        // A machine that forwards, as any that runs containers does: confinement may not rest on forwarding being off.
        Sysctl(machine, "net/ipv4/ip_forward=1");
        Sysctl(machine, $"net/ipv6/conf/{Addresses.UplinkName}/accept_ra=0");
        Ip(machine, "link", "set", "lo", "up");
        Ip(machine, "address", "add", $"{Addresses.Machine}/24", "dev", Addresses.UplinkName);
        Ip(machine, "address", "add", $"{Addresses.Machine6}/64", "dev", Addresses.UplinkName, "nodad");
        Ip(machine, "link", "set", Addresses.UplinkName, "up");
        Ip(machine, "route", "add", "default", "via", $"{Addresses.Gateway}");
        Ip(machine, "-6", "route", "add", "default", "via", $"{Addresses.Gateway6}");
        WaitForLinkLocal(machine);
        // Rules of the machine's own, which must be found untouched in the end.
        Nft(machine, """
            table inet administrator {
                set trusted { type ipv4_addr; flags interval; elements = { 198.51.100.0/24, 203.0.113.0/24 } }
                chain input { type filter hook input priority filter; policy accept; ip saddr @trusted accept; }
            }
            """);
        Ip(machine, "rule", "add", "fwmark", "0x77", "lookup", "77", "priority", "7700");
        Ip(machine, "route", "add", "203.0.113.128/25", "via", $"{Addresses.Gateway}", "table", "77");
    }

    private void ConnectProvider()
    {
        Ip(ProviderPlace, "link", "set", "lo", "up");
        Ip(ProviderPlace, "link", "add", "up0", "type", "veth", "peer", "name", ProviderPeer, "netns", Internet.Path);
        Ip(Internet, "address", "add", $"{Addresses.ProviderGateway}/30", "dev", ProviderPeer);
        Ip(Internet, "link", "set", ProviderPeer, "up");
        Ip(ProviderPlace, "address", "add", $"{Addresses.Provider}/30", "dev", "up0");
        Ip(ProviderPlace, "link", "set", "up0", "up");
        Ip(ProviderPlace, "route", "add", "default", "via", $"{Addresses.ProviderGateway}");
        Sysctl(ProviderPlace, "net/ipv4/ip_forward=1");
        Nft(ProviderPlace, """
            table ip provider {
                chain postrouting { type nat hook postrouting priority srcnat; oifname "up0" ip saddr 10.64.0.0/24 masquerade; }
            }
            """);
        Provider = Keep(new VpnProvider(ProviderPlace));
        foreach (var address in (IPAddress[])[Addresses.Web, Addresses.OrdinaryResolver, Addresses.OtherResolver])
        {
            Ip(Internet, "address", "add", $"{address}/32", "dev", "lo");
        }
    }

    private void StartServers()
    {
        _ = Keep(new WhoAmIServer(Internet, new IPEndPoint(Addresses.Web, 80)));
        _ = Keep(new WhoAmIServer(Internet, new IPEndPoint(Addresses.Web6, 80)));
        // Something listens wherever an escape may be tried, so that a refusal cannot be the world's.
        _ = Keep(new WhoAmIServer(Internet, new IPEndPoint(Addresses.OtherResolver, 853)));
        _ = Keep(new WhoAmIServer(Internet, new IPEndPoint(Addresses.Gateway, 80)));
        OrdinaryResolver = Keep(new DnsServer(Internet, Addresses.OrdinaryResolver, Addresses.OrdinaryAnswer));
        OtherResolver = Keep(new DnsServer(Internet, Addresses.OtherResolver, Addresses.OtherAnswer));
        PinnedResolver = Keep(new DnsServer(ProviderPlace, Addresses.PinnedResolver, Addresses.PinnedAnswer));
    }

    // The kernel gives a new link its IPv6 link-local address and routes a moment later: not in the middle of a comparison.
    private static void WaitForLinkLocal(NetworkNamespace machine)
    {
        string[] question = ["nsenter", $"--net={machine.Path}", Command.Find("ip"), "-6", "address", "show", "dev", Addresses.UplinkName, "scope", "link", "-tentative"];
        for (var tries = 0; Command.Run(question).OrThrow().Output.Length == 0; tries++)
        {
            if (tries == 100)
            {
                throw new InvalidOperationException("the uplink got no IPv6 link-local address within 10 seconds");
            }

            Thread.Sleep(100);
        }
    }

    private T Keep<T>(T part)
        where T : IDisposable
    {
        _parts.Push(part);
        return part;
    }

    private static void Ip(NetworkNamespace place, params ReadOnlySpan<string> arguments) =>
        Command.Run(["nsenter", $"--net={place.Path}", Command.Find("ip"), .. arguments]).OrThrow();

    private static void Nft(NetworkNamespace place, string rules) =>
        Command.RunWithInput(rules, "nsenter", $"--net={place.Path}", Command.Find("nft"), "-f", "-").OrThrow();

    // /proc/sys/net shows the network namespace of whoever opens it.
    private static void Sysctl(NetworkNamespace place, string assignment)
    {
        var (key, value) = (assignment.Split('=')[0], assignment.Split('=')[1]);
        Command.Run("nsenter", $"--net={place.Path}", "/bin/sh", "-c", $"echo {value} >/proc/sys/{key}").OrThrow();
    }
}
