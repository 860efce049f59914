namespace VpnConfinement.Cli.Tests;

/// <summary>The options that users of NixOS have, as the reference of NixOS prints them.</summary>
internal static class NixInterface
{
    private const string Bool = "boolean";

    private const string OptionalText = "null or string";

    private const string Texts = "list of string";

    private const string Ports = "list of 16 bit unsigned integer; between 0 and 65535 (both inclusive)";

    private const string Namespace = "services.vpnConfinement.namespaces.<name>";

    private const string Service = "systemd.services.<name>.vpn";

    private const string Socket = "systemd.sockets.<name>.vpn";

    internal static IReadOnlyList<(string Name, string Type, string Default)> Options { get; } =
    [
        ("services.vpnConfinement.defaultNamespace", OptionalText, "null"),
        ("services.vpnConfinement.enable", Bool, "false"),
        ("services.vpnConfinement.namespaces", "attribute set of (submodule)", "{ }"),
        (Namespace + ".derived.hostLink.hostAddressIPv4", OptionalText, "null"),
        (Namespace + ".derived.hostLink.nsAddressIPv4", OptionalText, "null"),
        (Namespace + ".derived.hostLink.subnetIPv4", OptionalText, "null"),
        (Namespace + ".dns.allowHostResolverIPC", Bool, "false"),
        (Namespace + ".dns.mode", "one of \"strict\", \"compat\"", "\"strict\""),
        (Namespace + ".dns.search", Texts, "[ ]"),
        (Namespace + ".dns.servers", Texts, "[ ]"),
        (Namespace + ".egress.allowEssentialIcmp", Bool, "true"),
        (Namespace + ".egress.allowedCidrs", Texts, "[ ]"),
        (Namespace + ".egress.allowedTcpPorts", Ports, "[ ]"),
        (Namespace + ".egress.allowedUdpPorts", Ports, "[ ]"),
        (Namespace + ".egress.mode", "one of \"allowAllTunnel\", \"allowList\"", "\"allowAllTunnel\""),
        (Namespace + ".enable", Bool, "false"),
        (Namespace + ".hostLink.enable", Bool, "false"),
        (Namespace + ".hostLink.hostIf", "string", "\"vh-f34280bd2454\""),
        (Namespace + ".hostLink.nsIf", "string", "\"vn-7a41d7c9e29c\""),
        (Namespace + ".hostLink.subnetIPv4", OptionalText, "null"),
        (Namespace + ".ingress.fromHost.tcp", Ports, "[ ]"),
        (Namespace + ".ingress.fromTunnel.tcp", Ports, "[ ]"),
        (Namespace + ".ingress.fromTunnel.udp", Ports, "[ ]"),
        (Namespace + ".ipv6.mode", "one of \"disable\", \"tunnel\"", "\"disable\""),
        (Namespace + ".publishToHost.tcp", Ports, "[ ]"),
        (Namespace + ".securityProfile", "one of \"balanced\", \"highAssurance\"", "\"balanced\""),
        (Namespace + ".wireguard.allowHostnameEndpoints", Bool, "false"),
        (Namespace + ".wireguard.endpointPinning.enable", Bool, "false"),
        (Namespace + ".wireguard.endpointPinning.fwMark", "null or (unsigned integer, meaning >=0)", "null"),
        (Namespace + ".wireguard.interface", "string", "\"wg0\""),
        (Namespace + ".wireguard.socketNamespace", OptionalText, "null"),
        (Service + ".allowRootInHighAssurance", Bool, "false"),
        (Service + ".enable", Bool, "false"),
        (Service + ".extraAddressFamilies", Texts, "[ ]"),
        (Service + ".hardeningProfile", "one of \"baseline\", \"strict\"", "\"baseline\""),
        (Service + ".namespace", OptionalText, "null"),
        (Service + ".restrictBind", Bool, "false"),
        (Socket + ".enable", Bool, "false"),
        (Socket + ".namespace", OptionalText, "null"),
    ];

    /// <summary>Whether other modules may read it and none set it.</summary>
    internal static bool IsReadOnly(string name) => name.Contains(".derived.", StringComparison.Ordinal);

    /// <summary>Whether it holds the other options.</summary>
    internal static bool IsWhole(string name) => name is "services.vpnConfinement.namespaces";
}
