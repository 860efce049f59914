using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Matrix;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests.Matrix;

/// <summary>
/// The machine of the leak matrix: two namespaces, a confined service with a user of its own and one that is root with every capability, both of which live on without
/// a tunnel, services that never stop sending, and the daemons of a host that would look a name up for anybody.
/// </summary>
public sealed class MatrixMachine : IDisposable
{
    internal const string Resolved = "stand-in-resolved.service";
    internal const string Daemons = "stand-in-daemons.service";
    internal const string FirewalldRules = "/etc/firewalld.nft";
    internal const string LinkResolverFile = "ln -sfn /run/systemd/resolve/stub-resolv.conf /etc/resolv.conf";

    /// <summary>Where the services that never stop sending send to: a confined one, one that its tunnel stops, and one that nobody confines.</summary>
    internal const int ChatterPort = 47060;
    internal const int StoppedChatterPort = 47061;
    internal const int OpenChatterPort = 47062;

    private const string Units = "/etc/systemd/system/";
    private const string Target = "vpnc-lab.target";

    public MatrixMachine()
    {
        Host = new BadHostFixture(isShared: true);
        try
        {
            SetUp();
        }
        catch
        {
            Host.Dispose();
            throw;
        }
    }

    public BadHostFixture Host { get; }

    /// <summary>Root and confined.</summary>
    public Agent Rooted { get; private set; } = null!;

    /// <summary>Root and not confined.</summary>
    public Agent Free { get; private set; } = null!;

    /// <summary>Confined to another namespace.</summary>
    public Agent Neighbour { get; private set; } = null!;

    public Agent Downloader => Host.Laboratory.Downloader;

    /// <summary>False from the first change on, until it was taken back.</summary>
    public bool IsGood { get; set; } = true;

    public void Dispose() => Host.Dispose();

    /// <summary>Begins anew, on another machine, after a test that failed, so that the next one fails for a reason of its own only.</summary>
    public void RequireGood()
    {
        if (!IsGood)
        {
            Host.Renew();
            SetUp();
        }

        IsGood = false;
    }

    /// <summary>Applies what is configured and starts every service. No server answers the second namespace.</summary>
    public void Apply()
    {
        Host.Product("apply", "--no-wait").OrThrow();
        Host.Shell("systemctl start downloader rooted neighbour chatter stopped-chatter").OrThrow();
    }

    /// <summary>Starts the services anew that listen where the confined ones try: half-open connections of an earlier test end with them.</summary>
    public void Listen()
    {
        Host.Shell("systemctl restart ordinary neighbour").OrThrow();
        if (!Host.Laboratory.Ordinary.Listen(Place.OpenPort).Ok || !Neighbour.Listen(Place.NeighbourPort).Ok)
        {
            throw new InvalidOperationException("nobody listens where the confined services try");
        }
    }

    private void SetUp()
    {
        Free = Agent.InstallAsRoot(Host.Laboratory.Machine, "free");
        Rooted = Agent.InstallAsRoot(Host.Laboratory.Machine, "rooted");
        Neighbour = Agent.InstallAsRoot(Host.Laboratory.Machine, "neighbour");
        WriteUnits();
        Host.Shell($"cp {Laboratory.ProviderFile} /etc/wireguard/as-provided.conf; umask 077; wg genkey > /etc/wireguard/other.key").OrThrow();
        Host.Write(Laboratory.ConfigFile, Config);
        Host.Shell($"systemctl daemon-reload; systemctl enable chatter stopped-chatter open-chatter {Resolved}; systemctl start ordinary free {Resolved} {Daemons}; {LinkResolverFile}").OrThrow();
        Apply();
        Listen();
    }

    private static string Config { get; } = $$"""
        [namespaces.media]
        wireguard.configFile = "{{Laboratory.ProviderFile}}"
        wireguard.endpointPinning = { enable = true, fwMark = {{Place.TunnelMark}} }
        ipv6.mode = "disable"
        publishToHost.tcp = [{{Place.NamespacePort}}]
        hostLink = { hostIf = "{{Place.HostEnd}}", nsIf = "{{Place.HostLink}}", subnetIPv4 = "169.254.77.4/30" }

        [namespaces.{{Place.Neighbour}}]
        wireguard.interface = "wg1"
        dns.servers = ["10.65.0.1"]
        publishToHost.tcp = [{{Place.NeighbourPort}}]
        hostLink = { hostIf = "vh-other", nsIf = "vn-other", subnetIPv4 = "169.254.77.8/30" }

        [wireguard.interfaces.wg1]
        ips = ["{{Place.NeighbourTunnelAddress}}/32"]
        privateKeyFile = "/etc/wireguard/other.key"
        peers = [ { publicKey = "{{Convert.ToBase64String([.. new byte[31], 9])}}", endpoint = "{{Addresses.Provider}}:{{Addresses.WireGuardPort}}", allowedIPs = ["0.0.0.0/0"] } ]

        [services]
        downloader.vpn = { namespace = "media", onTunnelLoss = "blackhole" }
        chatter.vpn = { namespace = "media", onTunnelLoss = "blackhole" }
        stopped-chatter.vpn = { namespace = "media" }
        neighbour.vpn = { namespace = "{{Place.Neighbour}}" }

        [services.rooted.vpn]
        namespace = "media"
        onTunnelLoss = "blackhole"
        extraAddressFamilies = ["AF_INET6", "AF_PACKET", "AF_VSOCK", "AF_ALG", "AF_XDP"]
        capabilities = ["CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_NET_BROADCAST", "CAP_NET_BIND_SERVICE", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_SETUID", "CAP_SETGID"]

        """;

    private void WriteUnits()
    {
        WriteChatter("chatter", ChatterPort, 53);
        WriteChatter("stopped-chatter", StoppedChatterPort, 53);
        WriteChatter("open-chatter", OpenChatterPort, OpenChatterPort);

        // As systemd-resolved does it: its file appears anew at each start, and its socket with it.
        Host.Write(Units + Resolved, $"""
            [Unit]
            DefaultDependencies=no
            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=/bin/sh -c 'mkdir -p /run/systemd/resolve; cd /run/systemd/resolve; echo nameserver {Addresses.OrdinaryResolver} > new; mv new stub-resolv.conf'
            ExecStartPost=-/bin/systemctl --no-block try-restart {Daemons}
            [Install]
            WantedBy={Target}

            """);
        List<string> paths =
        [
            "/run/nscd/socket", "/run/systemd/resolve/io.systemd.Resolve", "/run/avahi-daemon/socket", "/run/docker.sock",
            Place.AbstractSocket, Place.EngineSocket, Place.BuildSocket, Place.SharedMemorySocket,
        ];
        if (!Host.Exists("/run/dbus/system_bus_socket"))
        {
            paths.Add("/run/dbus/system_bus_socket");
        }

        Agent.InstallDaemons(Host.Laboratory.Machine, "stand-in-daemons", paths);

        // What firewalld loads with its nftables backend, as far as it touches anybody else: its own table, whole, in one transaction.
        Host.Write(FirewalldRules, """
            table inet firewalld
            delete table inet firewalld
            table inet firewalld {
                chain filter_INPUT { type filter hook input priority filter + 10; policy accept; ct state { established, related } accept; iifname "lo" accept; ct state invalid drop; }
                chain filter_FORWARD { type filter hook forward priority filter + 10; policy accept; ct state { established, related } accept; reject with icmpx admin-prohibited; }
                chain filter_OUTPUT { type filter hook output priority filter + 10; policy accept; oifname "lo" accept; }
            }

            """);
    }

    // Sends from its very first instruction, and until it is killed: no order but that of its confinement holds it back or stops it. It waits by a read
    // of a pipe that nobody writes to, since a sleep would be a process each time.
    private void WriteChatter(string name, int port, int resolverPort) => Host.Write($"{Units}{name}.service", $"""
        [Unit]
        DefaultDependencies=no
        [Service]
        DynamicUser=yes
        ExecStart=/bin/bash -c 'exec 2>/dev/null 3<> <(:); while :; do echo x >/dev/udp/{Addresses.Web}/{port}; echo x >/dev/udp/{Addresses.OtherResolver}/{resolverPort}; read -rt 0.02 -u 3; done'
        [Install]
        WantedBy={Target}

        """);
}
