namespace VpnConfinement.Config;

/// <summary>Every option, table by table.</summary>
public static class OptionTables
{
    /// <summary>The top of the file.</summary>
    public static IReadOnlyList<OptionDeclaration> Top { get; } =
    [
        new("enable", "bool, true", "false confines nothing"),
        new("defaultNamespace", "string", "namespace of services that name none"),
        new("namespaces", "table", "the VPN namespaces, by name"),
        new("wireguard", "table", "WireGuard interfaces"),
        new("services", "table", "systemd services, by name"),
    ];

    /// <summary><c>namespaces.NAME</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Namespace { get; } =
    [
        new("enable", "bool, true", "false leaves the namespace out"),
        new("wireguard", "table", "its tunnel"),
        new("dns", "table", "its resolvers"),
        new("ipv6", "table", "whether it has IPv6"),
        new("publishToHost", "table", "ports that the host may reach"),
        new("ingress", "table", "ports that may be reached, by where from"),
        new("hostLink", "table", "the veth pair to the host"),
    ];

    /// <summary><c>namespaces.NAME.wireguard</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> NamespaceWireGuard { get; } =
    [
        new("interface", "name, wg0", "key into wireguard.interfaces"),
        new("configFile", "path", "a wg-quick file that defines the interface"),
        new("implementation", "auto, kernel or userspace; auto", "which WireGuard to use"),
    ];

    /// <summary><c>namespaces.NAME.dns</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Dns { get; } =
    [
        new("servers", "list of IP addresses", "resolvers, reached over the tunnel"),
        new("search", "list of domains", "search domains"),
    ];

    /// <summary><c>namespaces.NAME.ipv6</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> IPv6 { get; } = [new("mode", "disable or tunnel; disable", "no IPv6, or IPv6 over the tunnel")];

    /// <summary><c>publishToHost</c> and <c>ingress.fromHost</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> TcpPorts { get; } = [new("tcp", "list of ports", "TCP ports, 1 to 65535")];

    /// <summary><c>namespaces.NAME.ingress</c>.</summary>
    public static IReadOnlyList<OptionDeclaration> Ingress { get; } = [new("fromHost", "table", "ports that the host may reach")];

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
        new("listenPort", "port", "UDP port to listen on"),
        new("mtu", "bytes, 1420", "MTU of the interface"),
        new("fwMark", "number or 0x text", "mark of the tunnel's own packets"),
        new("allowedIPsAsRoutes", "bool, true", "make a route of each allowed IP"),
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
    ];

    /// <summary>Options that are planned and not there yet: named as such, so that nobody believes that they are in force.</summary>
    internal static IReadOnlySet<string> Planned { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "securityProfile", "socketNamespace", "allowHostnameEndpoints", "endpointPinning", "mode", "allowHostResolverIPC", "fromTunnel", "egress", "publish", "derived",
        "generatePrivateKeyFile", "interfaceNamespace", "dynamicEndpointRefreshSeconds", "restrictBind", "allowRootInHighAssurance", "onTunnelLoss", "capabilities", "sockets",
    };
}
