namespace VpnConfinement.Config;

/// <summary>The options of WireGuard interfaces and their peers.</summary>
internal static class WireGuardOptions
{
    /// <summary>Bytes; IPv4 works from 576 on (RFC 791).</summary>
    internal static OptionType.Number Mtu { get; } = new(576, 65535, "a whole number of bytes");

    /// <summary>Seconds between keepalive packets; 0 for none.</summary>
    internal static OptionType.Number Keepalive { get; } = new(0, 65535, "a whole number of seconds");

    // A day: a name that is looked up less often than that is not refreshed.
    private static OptionType.Number Refresh { get; } = new(0, 86400, "a whole number of seconds");

    private static OptionTable Peer { get; } = new(
        """
        [[wireguard.interfaces.wg0.peers]]
        publicKey = "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0="
        presharedKeyFile = "/etc/wireguard/media.psk"
        endpoint = "198.51.100.7:51820"
        allowedIPs = ["0.0.0.0/0"]
        persistentKeepalive = 25
        """,
        new("publicKey", new OptionType.Text(TextForm.Key), "the peer's public key") { Example = "\"PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=\"" },
        new("presharedKey", new OptionType.Secret(), "the preshared key itself; a file is better"),
        new("presharedKeyFile", new OptionType.Text(TextForm.Path), "file with the preshared key") { Example = "\"/etc/wireguard/media.psk\"" },
        new("endpoint", new OptionType.Text(TextForm.Endpoint), "where the peer is") { Example = "\"198.51.100.7:51820\"" },
        new("allowedIPs", OptionType.ListOf(TextForm.Cidr), "what is sent to the peer and taken from it") { Default = "[]", Example = "[\"0.0.0.0/0\", \"::/0\"]" },
        new("persistentKeepalive", Keepalive, "interval of keepalive packets; 0 for none") { Default = "0", Example = "25" },
        new("dynamicEndpointRefreshSeconds", Refresh, "how often this endpoint is looked up again; 0 for never, else at least 10") { DefaultNote = "the interface's", Example = "300" });

    private static OptionTable Interface { get; } = new(
        """
        [wireguard.interfaces.wg0]
        ips = ["10.64.0.2/32"]
        privateKeyFile = "/etc/wireguard/media.key"
        peers = [
          { publicKey = "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=", endpoint = "198.51.100.7:51820", allowedIPs = ["0.0.0.0/0"] },
        ]
        """,
        new("ips", OptionType.ListOf(TextForm.InterfaceAddress), "addresses of the interface") { Example = "[\"10.64.0.2/32\"]" },
        new(
            "privateKeyFile", new OptionType.Text(TextForm.Path),
            "file with the private key; also beside a wg-quick file without one")
        {
            Example = "\"/etc/wireguard/media.key\"",
        },
        new("privateKey", new OptionType.Secret(), "the private key itself; a file is better"),
        new("generatePrivateKeyFile", OptionType.Flag, "make the file of privateKeyFile when it is missing; the journal of wireguard-NAME.service shows the public key for the provider") { Default = "false" },
        new("listenPort", OptionType.Port, "UDP port to listen on") { DefaultNote = "chosen by the kernel", Example = "51820" },
        new("mtu", Mtu, "MTU of the interface")
        {
            DefaultNote = "that of the route to the endpoint less 80; 1420 where there is none", Example = "1380",
        },
        new("fwMark", new OptionType.Mark(0, "VPC003"), "mark of the tunnel's own packets; 0 for none") { DefaultNote = "none, or that of endpointPinning", Example = "\"0x1f\"" },
        new("allowedIPsAsRoutes", OptionType.Flag, "make a route of each allowed IP") { Default = "true" },
        new("interfaceNamespace", new OptionType.Text(TextForm.Namespace), "accepted only when it is the namespace that uses the interface"),
        new("socketNamespace", new OptionType.Text(TextForm.Netns), "accepted only when it is the namespace's wireguard.socketNamespace"),
        new("dynamicEndpointRefreshSeconds", Refresh, "how often hostname endpoints are looked up again; 0 for never, else at least 10") { Default = "0", Example = "300" },
        new("peers", new OptionType.TableList(Peer), "the peers"));

    /// <summary>The top table <c>wireguard</c>.</summary>
    internal static OptionTable WireGuard { get; } = new(
        Interface.Example,
        new OptionDeclaration("interfaces", new OptionType.NamedTables(TextForm.Interface, "NAME", Interface), "WireGuard interfaces, by name"));
}
