using VpnConfinement.Model;

namespace VpnConfinement.Config;

/// <summary>The options of a namespace.</summary>
internal static class NamespaceOptions
{
    private static readonly OptionType Ports = new OptionType.List(OptionType.Port);

    private static OptionTable EndpointPinning { get; } = new(
        """
        [namespaces.media.wireguard]
        endpointPinning = { enable = true, fwMark = "0x1f" }
        """,
        new("enable", OptionType.Flag, "pin the endpoints") { Default = "false" },
        new("fwMark", new OptionType.Mark(1, "VPC056"), "mark by which the tunnel's own packets are known") { DefaultNote = "derived from the interface's name", Example = "\"0x1f\"" });

    private static OptionTable WireGuard { get; } = new(
        """
        [namespaces.media]
        wireguard.interface = "wg-media"
        wireguard.configFile = "/etc/wireguard/provider.conf"
        """,
        new("interface", new OptionType.Text(TextForm.Interface), "key into wireguard.interfaces") { Default = "\"wg0\"", Example = "\"wg-media\"" },
        new("configFile", new OptionType.Text(TextForm.Path), "a wg-quick file that defines the interface") { Example = "\"/etc/wireguard/provider.conf\"" },
        new(
            "implementation",
            new OptionType.Choice<WireGuardImplementation>(("auto", WireGuardImplementation.Auto), ("kernel", WireGuardImplementation.Kernel), ("userspace", WireGuardImplementation.Userspace)),
            "which WireGuard to use: the kernel's, wireguard-go (userspace), or the kernel's where it has one and else wireguard-go") { Default = "\"auto\"" },
        new("socketNamespace", new OptionType.Text(TextForm.Netns), "network namespace in which the tunnel's UDP socket is born; init is the host's") { Default = "\"init\"" },
        new("allowHostnameEndpoints", OptionType.Flag, "endpoints may be hostnames, which are looked up outside the tunnel") { Default = "false" },
        new("endpointPinning", new OptionType.Table(EndpointPinning), "the tunnel's own packets may go to the peers' endpoints only"));

    private static OptionTable Dns { get; } = new(
        """
        [namespaces.media]
        dns.servers = ["10.64.0.1"]
        dns.search = ["example.com"]
        """,
        new("mode", new OptionType.Choice<DnsMode>(("strict", DnsMode.Strict), ("compat", DnsMode.Compat)), "strict pins the resolver; compat contains no DNS at all") { Default = "\"strict\"" },
        new("servers", OptionType.ListOf(TextForm.Address), "resolvers, reached over the tunnel") { DefaultNote = "the wg-quick file's", Example = "[\"10.64.0.1\"]" },
        new("search", OptionType.ListOf(TextForm.Domain), "search domains") { DefaultNote = "the wg-quick file's", Example = "[\"example.com\"]" },
        new("allowHostResolverIPC", OptionType.Flag, "lets services ask nscd and the system bus of the host") { Default = "false" });

    private static OptionTable IPv6 { get; } = new(
        """
        [namespaces.media]
        ipv6.mode = "tunnel"
        """,
        new OptionDeclaration("mode", new OptionType.Choice<IPv6Mode>(("disable", IPv6Mode.Disable), ("tunnel", IPv6Mode.Tunnel)), "no IPv6, or IPv6 over the tunnel") { Default = "\"disable\"" });

    private static OptionTable PublishToHost { get; } = new(
        """
        [namespaces.media]
        publishToHost.tcp = [9091]
        """,
        new OptionDeclaration("tcp", Ports, "TCP ports that the host may reach; the link to the host is made for them") { Default = "[]", Example = "[9091]" });

    private static OptionTable FromHost { get; } = new(
        """
        [namespaces.media]
        hostLink.enable = true
        ingress.fromHost.tcp = [9091]
        """,
        new OptionDeclaration("tcp", Ports, "TCP ports that the host may reach over a host link that is there") { Default = "[]", Example = "[9091]" });

    private static OptionTable FromTunnel { get; } = new(
        """
        [namespaces.media]
        ingress.fromTunnel = { tcp = [51413], udp = [51413] }
        """,
        new("tcp", Ports, "TCP ports that may be reached through the tunnel") { Default = "[]", Example = "[51413]" },
        new("udp", Ports, "UDP ports that may be reached through the tunnel") { Default = "[]", Example = "[51413]" });

    private static OptionTable Ingress { get; } = new(
        FromTunnel.Example,
        new("fromHost", new OptionType.Table(FromHost), "ports that the host may reach"),
        new("fromTunnel", new OptionType.Table(FromTunnel), "ports that may be reached through the tunnel"));

    private static OptionTable Egress { get; } = new(
        """
        [namespaces.media.egress]
        mode = "allowList"
        allowedTcpPorts = [443]
        allowedCidrs = ["198.51.100.0/24", "203.0.113.7"]
        """,
        new("mode", new OptionType.Choice<EgressMode>(("allowAllTunnel", EgressMode.AllowAllTunnel), ("allowList", EgressMode.AllowList)), "everything through the tunnel, or what is listed")
        {
            DefaultNote = "allowAllTunnel; allowList under highAssurance",
        },
        new("allowedTcpPorts", Ports, "TCP ports that may be called") { Default = "[]", Example = "[443]" },
        new("allowedUdpPorts", Ports, "UDP ports that may be called") { Default = "[]", Example = "[123]" },
        new("allowedCidrs", OptionType.ListOf(TextForm.Cidr), "where to") { Default = "[]", Example = "[\"198.51.100.0/24\"]" },
        new("allowEssentialIcmp", OptionType.Flag, "ICMP errors to the allowed prefixes") { Default = "true" });

    private static OptionTable HostLink { get; } = new(
        """
        [namespaces.media]
        hostLink = { enable = true, subnetIPv4 = "169.254.77.4/30" }
        """,
        new("enable", OptionType.Flag, "make the link even when nothing is published") { DefaultNote = "true when publishToHost has ports" },
        new("hostIf", new OptionType.Text(TextForm.Interface), "interface on the host") { DefaultNote = "derived from the namespace's name", Example = "\"vpn-media\"" },
        new("nsIf", new OptionType.Text(TextForm.Interface), "interface in the namespace") { DefaultNote = "derived from the namespace's name", Example = "\"host\"" },
        new("subnetIPv4", new OptionType.Text(TextForm.Subnet30), "subnet of the link") { DefaultNote = "derived from the namespace's name", Example = "\"169.254.77.4/30\"" });

    private static OptionTable Publish { get; } = new(
        """
        [[namespaces.media.publish]]
        listen = "127.0.0.1:8080"
        to = 80
        """,
        new("listen", new OptionType.Text(TextForm.Listen), "where the host listens") { Example = "\"127.0.0.1:8080\"" },
        new("to", OptionType.Port, "TCP port in the namespace") { Example = "80" });

    private static OptionTable Verify { get; } = new(
        """
        [namespaces.media]
        verify.url = "https://whoami.example/ip"
        """,
        new OptionDeclaration("url", new OptionType.Text(TextForm.WebPage), "a page that says from which address it was asked: 'verify' asks it through the tunnel, with curl, and shows the answer") { Example = "\"https://whoami.example/ip\"" });

    /// <summary><c>namespaces.NAME</c>.</summary>
    internal static OptionTable Namespace { get; } = new(
        """
        [namespaces.media]
        securityProfile = "balanced"
        wireguard.configFile = "/etc/wireguard/provider.conf"
        """,
        new("enable", OptionType.Flag, "false leaves the namespace out") { Default = "true" },
        new(
            "securityProfile", new OptionType.Choice<SecurityProfile>(("balanced", SecurityProfile.Balanced), ("highAssurance", SecurityProfile.HighAssurance)),
            "highAssurance has stricter defaults and refuses weaker choices") { Default = "\"balanced\"" },
        new("wireguard", new OptionType.Table(WireGuard), "its tunnel"),
        new("dns", new OptionType.Table(Dns), "its resolvers"),
        new("ipv6", new OptionType.Table(IPv6), "whether it has IPv6"),
        new("publishToHost", new OptionType.Table(PublishToHost), "ports that the host may reach"),
        new("ingress", new OptionType.Table(Ingress), "ports that may be reached, by where from"),
        new("hostLink", new OptionType.Table(HostLink), "the veth pair to the host"),
        new("egress", new OptionType.Table(Egress), "what may leave through the tunnel"),
        new("publish", new OptionType.TableList(Publish), "sockets of the host that lead to a port in the namespace, without an IP path between the two"),
        new("verify", new OptionType.Table(Verify), "what 'verify' asks besides"));
}
