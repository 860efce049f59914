using VpnConfinement.Validation;
using static VpnConfinement.Core.Tests.Validation.Rule;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>Every rule about namespaces, interfaces, peers and published ports, in the order of the codes.</summary>
internal static class Rules
{
    private const string Assured = "securityProfile = \"highAssurance\"\negress.allowedCidrs = [\"192.0.2.0/24\"]\n";
    private const string Pinned = "wireguard.endpointPinning.enable = true";
    private const string Names = "wireguard.allowHostnameEndpoints = true";
    private const string Name = "endpoint = \"nl.example.net:51820\"";
    private const string Psk = "presharedKey = \"" + Checked.Key + "\"";
    private const string Other = "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=";

    private const string NoEndpoint = "publicKey = \"" + Checked.Key + "\", allowedIPs = [\"0.0.0.0/0\"]";

    private static readonly FileFact Readable = new FileFact.Present(OthersCanRead: true, null);

    internal static IReadOnlyList<Rule> All { get; } =
    [
        new("VPC010", "namespaces.init", "init", Checked.Run(Checked.Namespace("init", "wg0")), Checked.Run(Checked.Namespace("init0", "wg0"))),
        new("VPC010", "namespaces." + new string('a', 65), new string('a', 65), Checked.Run(Checked.Namespace(new string('a', 65), "wg0")), Checked.Run(Checked.Namespace(new string('a', 64), "wg0"))),
        new("VPC010", "namespaces.é", "\"é\"", Checked.Run(Checked.Namespace("\"é\"", "wg0")), Checked.Run(Checked.Namespace("\"e.e\"", "wg0"))),
        new("VPC011", "defaultNamespace", "\"n\"", Checked.One("", top: "defaultNamespace = \"n\""), Checked.One("", top: "defaultNamespace = \"m\"")),
        new("VPC011", "defaultNamespace", "\"m\\n\"", Checked.One("", top: "defaultNamespace = \"m\\n\""), Checked.One("", top: "defaultNamespace = \"m\"")),
        new("VPC012", "wireguard.interfaces.a23456789012345x", "a23456789012345x", Checked.One("", top: "[wireguard.interfaces.a23456789012345x]"), Checked.One("", top: "[wireguard.interfaces.a23456789012345]")),
        OfNamespace("VPC012", "hostLink.hostIf", "\"a/b\"", "hostLink = { enable = true, hostIf = \"a/b\" }", "hostLink = { enable = true, hostIf = \"a-b\" }"),
        OfNamespace("VPC012", "hostLink.nsIf", "\"all\"", "hostLink = { enable = true, nsIf = \"all\" }", "hostLink = { enable = true, nsIf = \"al\" }"),
        Between("VPC013", "hostLink.hostIf", "\"wg0\"", "", "hostLink = { enable = true, hostIf = \"wg0\" }", "hostLink = { enable = true, hostIf = \"wg2\" }"),
        Between("VPC013", "hostLink.nsIf", "\"x\"", "hostLink = { enable = true, hostIf = \"x\", subnetIPv4 = \"169.254.77.4/30\" }", "hostLink = { enable = true, nsIf = \"x\" }", "hostLink = { enable = false, nsIf = \"x\" }"),
        Between("VPC014", "hostLink.subnetIPv4", "\"10.9.0.4/30\"", "hostLink = { enable = true, subnetIPv4 = \"10.9.0.4/30\" }", "hostLink = { enable = true, subnetIPv4 = \"10.9.0.4/30\" }", "hostLink = { enable = true, subnetIPv4 = \"10.9.0.8/30\" }"),
        Between("VPC015", "wireguard.endpointPinning.fwMark", "\"0x7\"", Pinned + "\nwireguard.endpointPinning.fwMark = 7", Pinned + "\nwireguard.endpointPinning.fwMark = \"0x7\"", Pinned),
        new(
            "VPC015", "wireguard.interfaces.wg1.fwMark", "7", Checked.Run(Checked.Namespace("m", "wg0", Pinned + "\nwireguard.endpointPinning.fwMark = 7") + Checked.Namespace("o", "wg1", "", "fwMark = 7")),
            Checked.Run(Checked.Namespace("m", "wg0", Pinned + "\nwireguard.endpointPinning.fwMark = 7") + Checked.Namespace("o", "wg1", "", "fwMark = 8"))),
        OfNamespace("VPC020", "dns.servers", "m", "dns.servers = []", "dns = { mode = \"compat\", servers = [] }"),
        OfNamespace("VPC021", "dns.servers", "\"10.64.0.01\"", "dns.servers = [\"10.64.0.01\"]", "dns.servers = [\"10.64.0.1\"]"),
        OfNamespace("VPC021", "dns.servers", "\"127.0.0.53\"", "dns.servers = [\"10.64.0.1\", \"127.0.0.53\"]", "dns.servers = [\"10.64.0.1\", \"126.0.0.53\"]"),
        OfNamespace("VPC022", "dns.servers", "\"fd00::1\"", "dns.servers = [\"10.64.0.1\", \"fd00::1\"]", "dns.servers = [\"10.64.0.1\"]"),
        OfNamespace("VPC023", "dns.search", "\"-a.example\"", "dns.search = [\"-a.example\"]", "dns.search = [\"b-a.example.\", \"a_b.example\"]"),
        OfNamespace("VPC023", "dns.search", "\"a\\nnameserver 1.1.1.1\"", "dns.search = [\"a\\nnameserver 1.1.1.1\"]", "dns.search = [\"a\"]"),
        new(
            "VPC024", "namespaces.m.dns.servers", "\"192.0.2.53\"",
            Checked.One("dns.servers = [\"10.64.0.1\", \"192.0.2.53\"]", peer: "allowedIPs = [\"10.0.0.0/8\", \"192.0.2.52/32\"]"),
            Checked.One("dns.servers = [\"10.64.0.1\", \"192.0.2.53\"]", peer: "allowedIPs = [\"10.0.0.0/8\", \"192.0.2.52/31\"]")),
        OfNamespace("VPC030", "egress.allowedCidrs", "\"192.0.2.1/24\"", "egress = { mode = \"allowList\", allowedCidrs = [\"192.0.2.1/24\"] }", "egress = { mode = \"allowList\", allowedCidrs = [\"192.0.2.0/24\"] }"),
        OfNamespace("VPC030", "egress.allowedCidrs", "\"192.0.2.0/33\"", "egress = { mode = \"allowList\", allowedCidrs = [\"192.0.2.0/33\"] }", "egress = { mode = \"allowList\", allowedCidrs = [\"192.0.2.0/32\"] }"),
        OfNamespace("VPC031", "egress.allowedCidrs", "\"2001:db8::/32\"", "egress = { mode = \"allowList\", allowedCidrs = [\"192.0.2.0\", \"2001:db8::/32\"] }", "egress = { mode = \"allowList\", allowedCidrs = [\"192.0.2.0\"] }"),
        OfNamespace("VPC032", "egress.allowedTcpPorts", "443", "egress.allowedTcpPorts = [443]", "egress = { mode = \"allowList\", allowedTcpPorts = [443] }"),
        OfNamespace("VPC032", "egress.allowedCidrs", "\"allowAllTunnel\"", "egress = { mode = \"allowAllTunnel\", allowedCidrs = [] }", "egress = { mode = \"allowAllTunnel\", allowEssentialIcmp = false }"),
        new("VPC040", "namespaces.m.wireguard", "\"wg1\"", Checked.One("wireguard.interface = \"wg1\""), Checked.One("wireguard.interface = \"wg0\"")),
        OfPeer("VPC041", "endpoint", "\"256.1.1.1:51820\"", "endpoint = \"256.1.1.1:51820\"", "endpoint = \"198.51.100.1:51820\""),
        OfPeer("VPC041", "endpoint", "\"198.51.100.1:65536\"", "endpoint = \"198.51.100.1:65536\"", "endpoint = \"198.51.100.1:65535\""),
        OfPeer("VPC041", "endpoint", "\"localhost:51820\"", "endpoint = \"localhost:51820\"", "endpoint = \"localhost.example:51820\"", Names, "dynamicEndpointRefreshSeconds = 60"),
        OfPeer("VPC042", "endpoint", "\"nl.example.net:51820\"", Name, "endpoint = \"198.51.100.1:51820\""),
        OfPeer("VPC043", "endpoint", "\"nl.example.net:51820\"", Name, Name + ", dynamicEndpointRefreshSeconds = 10", Names),
        OfPeer("VPC043", "endpoint", "\"nl.example.net:51820\"", Name + ", dynamicEndpointRefreshSeconds = 0", Name, Names, "dynamicEndpointRefreshSeconds = 10"),
        OfPeer("VPC043", "dynamicEndpointRefreshSeconds", "9", Name + ", dynamicEndpointRefreshSeconds = 9", Name + ", dynamicEndpointRefreshSeconds = 10", Names),
        OfInterface("VPC043", "dynamicEndpointRefreshSeconds", "1", "dynamicEndpointRefreshSeconds = 1", "dynamicEndpointRefreshSeconds = 0"),
        OfNamespace("VPC044", "wireguard.socketNamespace", "\"../x\"", "wireguard.socketNamespace = \"../x\"", "wireguard.socketNamespace = \"init\""),
        OfNamespace("VPC045", "wireguard.socketNamespace", "\"m\"", "wireguard.socketNamespace = \"m\"", "wireguard.socketNamespace = \"M\""),
        Between("VPC046", "wireguard.socketNamespace", "\"m\"", "wireguard.socketNamespace = \"o\"", "wireguard.socketNamespace = \"m\"", "wireguard.socketNamespace = \"init\""),
        new(
            "VPC047", "namespaces.m.ipv6.mode", "\"tunnel\"", Checked.One("ipv6.mode = \"tunnel\"", "ips = [\"10.64.0.2/32\", \"fd00::2/128\"]"),
            Checked.One("ipv6.mode = \"tunnel\"", "ips = [\"10.64.0.2/32\", \"fd00::2/128\"]", "allowedIPs = [\"0.0.0.0/0\", \"::/0\"]")),
        OfInterface("VPC048", "privateKeyFile", "\"/k\"", $"privateKeyFile = \"/k\"\nprivateKey = \"{Checked.Key}\"", "privateKeyFile = \"/k\""),
        OfInterface("VPC048", "generatePrivateKeyFile", "true", $"generatePrivateKeyFile = true\nprivateKey = \"{Checked.Key}\"", $"generatePrivateKeyFile = false\nprivateKey = \"{Checked.Key}\""),
        OfPeer("VPC048", "presharedKeyFile", "\"/p\"", "presharedKeyFile = \"/p\", " + Psk, Psk),
        OfInterface("VPC049", "interfaceNamespace", "\"o\"", "interfaceNamespace = \"o\"", "interfaceNamespace = \"m\""),
        OfInterface("VPC049", "socketNamespace", "\"o\"", "socketNamespace = \"o\"", "socketNamespace = \"init\""),
        OfInterface("VPC049", "socketNamespace", "\"init\"", "socketNamespace = \"init\"", "socketNamespace = \"far\"", "wireguard.socketNamespace = \"far\""),
        OfInterface("VPC050", "ips", "\"10.64.0.2/33\"", "ips = [\"10.64.0.2/33\"]", "ips = [\"10.64.0.2/0\"]"),
        OfInterface("VPC050", "ips", "wg0", "ips = []", "ips = [\"10.64.0.2\"]"),
        OfInterface("VPC050", "ips", "\"fd00::2/128\"", "ips = [\"fd00::2/128\"]", "ips = [\"fd00::2/128\", \"10.64.0.2\"]"),
        OfInterface("VPC050", "peers", "wg0", "peers = []", $"peers = [ {{ {Checked.Peer()} }} ]"),
        OfInterface("VPC050", "peers[1].publicKey", $"\"{Checked.Key}\"", Peers(Checked.Peer(), Checked.Peer("allowedIPs = [\"10.0.0.0/8\"]")), Peers(Checked.Peer(), Checked.Peer("allowedIPs = [\"10.0.0.0/8\"]", Other))),
        OfInterface("VPC050", "peers[1].allowedIPs", "\"10.0.0.1/8\"", Peers(Checked.Peer("allowedIPs = [\"10.0.0.0/8\"]"), Checked.Peer("allowedIPs = [\"10.0.0.1/8\"]", Other)), Peers(Checked.Peer("allowedIPs = [\"10.0.0.0/8\"]"), Checked.Peer("allowedIPs = [\"10.0.0.1/9\"]", Other))),
        OfPeer("VPC050", "allowedIPs", "\"::/0\"", "allowedIPs = [\"::/0\"]", "allowedIPs = [\"::/0\", \"0.0.0.0/0\"]"),
        OfPeer("VPC050", "publicKey", "\"", $"publicKey = \"{Checked.Key[..^2]}1=\"", $"publicKey = \"{Checked.Key}\""),
        OfInterface("VPC051", "peers[0].endpoint", $"{{ {NoEndpoint} }}", Peers(NoEndpoint), "listenPort = 51820\n" + Peers(NoEndpoint)),
        OfInterface("VPC055", "peers[0].endpoint", $"{{ {NoEndpoint} }}", Peers(NoEndpoint), Peers(Checked.Peer()), Pinned),
        OfPeer("VPC055", "endpoint", "\"nl.example.net:51820\"", Name, "endpoint = \"[2001:db8::1]:51820\"", Pinned + "\n" + Names, "dynamicEndpointRefreshSeconds = 60"),
        OfNamespace("VPC056", "wireguard.endpointPinning.fwMark", "0", Pinned + "\nwireguard.endpointPinning.fwMark = 0", Pinned + "\nwireguard.endpointPinning.fwMark = 1"),
        OfNamespace("VPC056", "wireguard.endpointPinning.fwMark", "4294967296", Pinned + "\nwireguard.endpointPinning.fwMark = 4294967296", Pinned + "\nwireguard.endpointPinning.fwMark = 4294967295"),
        OfNamespace("VPC056", "wireguard.endpointPinning.fwMark", "\"0x100000000\"", Pinned + "\nwireguard.endpointPinning.fwMark = \"0x100000000\"", Pinned + "\nwireguard.endpointPinning.fwMark = \"0xffffffff\""),
        OfInterface("VPC057", "fwMark", "\"0x10\"", "fwMark = \"0x10\"", "fwMark = \"0xa\"", Pinned + "\nwireguard.endpointPinning.fwMark = 10"),
        OfInterface("VPC057", "fwMark", "0", "fwMark = 0", $"fwMark = {PinningRules.DerivedMark("wg0")}", Pinned),
        OfNamespace("VPC060", "hostLink.subnetIPv4", "\"169.254.77.5/30\"", "hostLink = { enable = true, subnetIPv4 = \"169.254.77.5/30\" }", "hostLink = { enable = true, subnetIPv4 = \"169.254.77.4/30\" }"),
        OfNamespace("VPC060", "hostLink.subnetIPv4", "\"169.254.169.252/30\"", "hostLink = { enable = true, subnetIPv4 = \"169.254.169.252/30\" }", "hostLink = { enable = true, subnetIPv4 = \"169.254.169.248/30\" }"),
        OfNamespace("VPC060", "hostLink.subnetIPv4", "\"10.9.0.0/30\"", "hostLink = { enable = true, subnetIPv4 = \"10.9.0.0/30\" }\ndns.servers = [\"10.9.0.1\"]", "hostLink = { enable = true, subnetIPv4 = \"10.9.0.0/30\" }\ndns.servers = [\"10.9.0.4\"]"),
        OfNamespace("VPC061", "ingress.fromHost.tcp", "80", "ingress.fromHost.tcp = [80]", "ingress.fromHost.tcp = [80]\npublishToHost.tcp = [81]"),
        OfNamespace("VPC061", "publishToHost.tcp", "80", "publishToHost.tcp = [80]\nhostLink.enable = false", "publishToHost.tcp = [80]\nhostLink.enable = true"),
        OfNamespace("VPC062", "hostLink", "\"x\"", "hostLink = { enable = true, hostIf = \"x\", nsIf = \"x\" }", "hostLink = { enable = true, hostIf = \"x\", nsIf = \"X\" }"),
        OfNamespace("VPC062", "hostLink", "\"wg0\"", "hostLink = { enable = true, nsIf = \"wg0\" }", "hostLink = { enable = true, nsIf = \"wg1\" }"),
        .. PublishRuleCases.All,
        OfNamespace("VPC070", "dns.mode", "\"compat\"", Assured + "dns = { mode = \"compat\", servers = [\"10.64.0.1\"] }", Assured + "dns = { mode = \"strict\", servers = [\"10.64.0.1\"] }"),
        OfNamespace("VPC071", "dns.allowHostResolverIPC", "true", Assured + "dns.allowHostResolverIPC = true", Assured + "dns.allowHostResolverIPC = false"),
        OfNamespace("VPC072", "egress.mode", "\"allowAllTunnel\"", "securityProfile = \"highAssurance\"\negress.mode = \"allowAllTunnel\"", Assured + "egress.mode = \"allowList\""),
        OfNamespace("VPC073", "egress.allowedCidrs", "\"highAssurance\"", "securityProfile = \"highAssurance\"\negress.allowedTcpPorts = [443]", Assured),
        OfNamespace("VPC074", "wireguard.allowHostnameEndpoints", "true", Assured + Names, Assured + Names.Replace("true", "false", StringComparison.Ordinal)),
        OfInterface("VPC075", "privateKey", $"\"{Checked.Key}\"", $"privateKey = \"{Checked.Key}\"", "privateKeyFile = \"/k\"", Assured),
        OfPeer("VPC076", "presharedKey", $"\"{Checked.Key}\"", Psk, "presharedKeyFile = \"/p\"", Assured),
        OfInterface("VPC077", "allowedIPsAsRoutes", "false", "allowedIPsAsRoutes = false", "allowedIPsAsRoutes = true", Assured),
        OfPeer("VPC101", "endpoint", "\"nl.example.net:51820\"", Name, "endpoint = \"198.51.100.1:1\"", Names, "dynamicEndpointRefreshSeconds = 60"),
        OfInterface("VPC102", "privateKey", $"\"{Checked.Key}\"", $"privateKey = \"{Checked.Key}\"", "privateKeyFile = \"/k\""),
        OfPeer("VPC103", "presharedKey", $"\"{Checked.Key}\"", Psk, "presharedKeyFile = \"/p\""),
        OfInterface("VPC104", "allowedIPsAsRoutes", "false", "allowedIPsAsRoutes = false", "allowedIPsAsRoutes = true"),
        OfNamespace("VPC105", "wireguard.socketNamespace", "\"theirs\"", "wireguard.socketNamespace = \"theirs\"", "wireguard.socketNamespace = \"init\""),
        new("VPC109", "wireguard.interfaces.wg0.privateKeyFile", "\"/etc/wireguard/m.key\"", Checked.One("", keyFile: Readable), Checked.One("")),
        new("VPC109", "wireguard.interfaces.wg0.privateKeyFile", "\"/etc/wireguard/m.key\"", Checked.One(Assured, keyFile: Readable), Checked.One(Assured)),
        OfNamespace("VPC110", "hostLink.hostIf", "\"ve-x\"", "hostLink = { enable = true, hostIf = \"ve-x\" }", "hostLink = { enable = true, hostIf = \"vex\" }"),
        OfNamespace("VPC110", "hostLink.hostIf", "\"vt-x\"", Assured + "hostLink = { enable = true, hostIf = \"vt-x\" }", Assured + "hostLink = { enable = true, nsIf = \"vt-x\" }"),
        new("VPC111", "wireguard.interfaces.wg0.privateKeyFile", "\"/etc/wireguard/m.key\"", Checked.One("", keyFile: new FileFact.Missing()), Checked.One("", "generatePrivateKeyFile = true", keyFile: new FileFact.Missing())),
        OfNamespace("VPC114", "dns.mode", "\"compat\"", "dns.mode = \"compat\"", "dns.mode = \"strict\""),
        OfNamespace("VPC114", "dns.allowHostResolverIPC", "true", "dns.allowHostResolverIPC = true", "dns.allowHostResolverIPC = false"),
        OfNamespace("VPC116", "dns.servers", "\"10.0.0.1\"", "dns.servers = [\"10.0.0.1\", \"10.0.0.2\", \"10.0.0.3\", \"10.0.0.4\"]", "dns.servers = [\"10.0.0.1\", \"10.0.0.2\", \"10.0.0.3\", \"10.0.0.3\"]"),
        OfNamespace("VPC128", "verify.url", "\"ftp://whoami.example/\"", "verify.url = \"ftp://whoami.example/\"", "verify.url = \"http://whoami.example/\""),
        OfNamespace("VPC128", "verify.url", "\"https://me:pass@whoami.example\"", "verify.url = \"https://me:pass@whoami.example\"", "verify.url = \"https://whoami.example\""),
        OfNamespace("VPC128", "verify.url", "\"https://192.0.2.1.7/\"", "verify.url = \"https://192.0.2.1.7/\"", "verify.url = \"https://[2001:db8::1]:8443/\""),
        OfNamespace("VPC128", "verify.url", "\"https://a.example/\\nb\"", "verify.url = \"https://a.example/\\nb\"", "verify.url = \"https://a.example:443/b?c=d#e\""),
        OfNamespace("VPC117", "egress.mode", "\"allowList\"", "egress.mode = \"allowList\"", "egress = { mode = \"allowList\", allowedUdpPorts = [123] }"),
    ];

    private static string Peers(params string[] peers) => $"peers = [ {string.Join(", ", peers.Select(p => $"{{ {p} }}"))} ]";
}
