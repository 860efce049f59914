namespace VpnConfinement.Config;

/// <summary>Every option, table by table.</summary>
public static class OptionTables
{
    /// <summary>The top of the file.</summary>
    public static IReadOnlyList<OptionDeclaration> Top { get; } =
    [
        new("enable", "bool, true", "false confines nothing"),
        new("defaultNamespace", "string", "namespace of services and sockets that name none"),
        new("namespaces", "table", "the VPN namespaces, by name"),
        new("wireguard", "table", "WireGuard interfaces"),
        new("services", "table", "systemd services, by name"),
        new("sockets", "table", "systemd sockets, by name"),
    ];

    /// <summary><c>namespaces.NAME</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Namespace { get; } =
    [
        new("enable", "bool, true", "false leaves the namespace out"),
        new("securityProfile", "balanced or highAssurance; balanced", "highAssurance has stricter defaults and refuses weaker choices"),
        new("wireguard", "table", "its tunnel"),
        new("dns", "table", "its resolvers"),
        new("ipv6", "table", "whether it has IPv6"),
        new("publishToHost", "table", "ports that the host may reach"),
        new("ingress", "table", "ports that may be reached, by where from"),
        new("hostLink", "table", "the veth pair to the host"),
        new("egress", "table", "what may leave through the tunnel"),
        new("publish", "list of tables", "sockets of the host that lead to a port in the namespace, without an IP path between the two"),
    ];

    /// <summary><c>namespaces.NAME.wireguard</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> NamespaceWireGuard { get; } =
    [
        new("interface", "name, wg0", "key into wireguard.interfaces"),
        new("configFile", "path", "a wg-quick file that defines the interface"),
        new("implementation", "auto, kernel or userspace; auto", "which WireGuard to use"),
        new("socketNamespace", "name, init", "network namespace in which the tunnel's UDP socket is born; init is the host's"),
        new("allowHostnameEndpoints", "bool, false", "endpoints may be hostnames, which are looked up outside the tunnel"),
        new("endpointPinning", "table", "the tunnel's own packets may go to the peers' endpoints only"),
    ];

    /// <summary><c>namespaces.NAME.dns</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Dns { get; } =
    [
        new("mode", "strict or compat; strict", "strict pins the resolver; compat contains no DNS at all"),
        new("servers", "list of IP addresses", "resolvers, reached over the tunnel"),
        new("search", "list of domains", "search domains"),
        new("allowHostResolverIPC", "bool, false", "lets services ask nscd and the system bus of the host"),
    ];

    /// <summary><c>namespaces.NAME.ipv6</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> IPv6 { get; } = [new("mode", "disable or tunnel; disable", "no IPv6, or IPv6 over the tunnel")];

    /// <summary><c>publishToHost</c> and <c>ingress.fromHost</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> TcpPorts { get; } = [new("tcp", "list of ports", "TCP ports, 1 to 65535")];

    /// <summary><c>namespaces.NAME.ingress</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Ingress { get; } =
    [
        new("fromHost", "table", "ports that the host may reach"),
        new("fromTunnel", "table", "ports that may be reached through the tunnel"),
    ];

    /// <summary><c>namespaces.NAME.ingress.fromTunnel</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> FromTunnel { get; } =
    [
        new("tcp", "list of ports", "TCP ports, 1 to 65535"),
        new("udp", "list of ports", "UDP ports, 1 to 65535"),
    ];

    /// <summary><c>namespaces.NAME.egress</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Egress { get; } =
    [
        new("mode", "allowAllTunnel or allowList; allowAllTunnel", "everything through the tunnel, or what is listed"),
        new("allowedTcpPorts", "list of ports", "TCP ports that may be called"),
        new("allowedUdpPorts", "list of ports", "UDP ports that may be called"),
        new("allowedCidrs", "list of addresses or prefixes", "where to"),
        new("allowEssentialIcmp", "bool, true", "ICMP errors to the allowed prefixes"),
    ];

    /// <summary>An element of <c>namespaces.NAME.publish</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Publish { get; } =
    [
        new("listen", "address:port, *:port or unix:path", "where the host listens"),
        new("to", "port", "TCP port in the namespace"),
    ];

    /// <summary><c>namespaces.NAME.wireguard.endpointPinning</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> EndpointPinning { get; } =
    [
        new("enable", "bool, false", "pin the endpoints"),
        new("fwMark", "number or 0x text, derived", "mark by which the tunnel's own packets are known"),
    ];

    /// <summary><c>namespaces.NAME.hostLink</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> HostLink { get; } =
    [
        new("enable", "bool, false", "make the link even when nothing is published"),
        new("hostIf", "name, derived", "interface on the host"),
        new("nsIf", "name, derived", "interface in the namespace"),
        new("subnetIPv4", "an IPv4 /30, derived", "subnet of the link"),
    ];

    /// <summary>The top table <c>wireguard</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> WireGuard { get; } = [new("interfaces", "table", "WireGuard interfaces, by name")];

    /// <summary><c>wireguard.interfaces.NAME</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Interface { get; } =
    [
        new("ips", "list of addresses with prefix", "addresses of the interface"),
        new("privateKeyFile", "path", "file with the private key"),
        new("privateKey", "key", "the private key itself; a file is better"),
        new("generatePrivateKeyFile", "bool, false", "make the file of privateKeyFile when it is missing"),
        new("listenPort", "port", "UDP port to listen on"),
        new("mtu", "bytes, 1420", "MTU of the interface"),
        new("fwMark", "number or 0x text", "mark of the tunnel's own packets"),
        new("allowedIPsAsRoutes", "bool, true", "make a route of each allowed IP"),
        new("interfaceNamespace", "name", "accepted only when it is the namespace that uses the interface"),
        new("socketNamespace", "name", "accepted only when it is the namespace's wireguard.socketNamespace"),
        new("dynamicEndpointRefreshSeconds", "seconds, 0", "how often hostname endpoints are looked up again; at least 10"),
        new("peers", "list of tables", "the peers"),
    ];

    /// <summary>An element of <c>peers</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Peer { get; } =
    [
        new("publicKey", "key", "the peer's public key"),
        new("presharedKey", "key", "the preshared key itself; a file is better"),
        new("presharedKeyFile", "path", "file with the preshared key"),
        new("endpoint", "address:port", "where the peer is"),
        new("allowedIPs", "list of prefixes", "what is sent to the peer and taken from it"),
        new("persistentKeepalive", "seconds, 0", "interval of keepalive packets"),
        new("dynamicEndpointRefreshSeconds", "seconds, the interface's", "how often this endpoint is looked up again; at least 10"),
    ];

    /// <summary><c>services.NAME</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Service { get; } = [new("vpn", "table", "confinement of the service")];

    /// <summary><c>services.NAME.vpn</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> ServiceVpn { get; } =
    [
        new("enable", "bool, true", "false leaves the service alone"),
        new("namespace", "name", "the namespace it is confined to"),
        new("hardeningProfile", "baseline or strict; baseline", "how much hardening is added"),
        new("extraAddressFamilies", "list of AF_ names", "address families beyond those of the profile"),
        new("runPaths", "list of paths", "paths under /run that the service still needs"),
        new("allowJit", "bool, false", "strict hardening without MemoryDenyWriteExecute"),
        new("restrictBind", "bool, false", "listening only on the namespace's ingress ports"),
        new("allowRootInHighAssurance", "bool, false", "the service may run as root under highAssurance"),
        new("capabilities", "list of CAP_ names", "capabilities that the service needs"),
        new("onTunnelLoss", "stop or blackhole; stop", "whether it is stopped without its tunnel, or runs on cut off"),
    ];

    /// <summary><c>sockets.NAME</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Socket { get; } = [new("vpn", "table", "confinement of the socket")];

    /// <summary><c>sockets.NAME.vpn</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> SocketVpn { get; } =
    [
        new("enable", "bool, true", "false leaves the socket alone"),
        new("namespace", "name", "the namespace it listens in"),
    ];
}
