namespace VpnConfinement.Core.Tests.Validation;

/// <summary>Numbers and texts at the ends of what is allowed: the last that is taken and the first that is not.</summary>
public sealed class EdgeTests
{
    [Theory]
    [InlineData("listenPort = 1", "listenPort = 0")]
    [InlineData("listenPort = 65535", "listenPort = 65536")]
    [InlineData("mtu = 576", "mtu = 575")]
    [InlineData("mtu = 65535", "mtu = 65536")]
    [InlineData("mtu = 1_420", "mtu = 1420.0")]
    [InlineData("fwMark = 0", "fwMark = -1")]
    [InlineData("fwMark = 4294967295", "fwMark = 4294967296")]
    [InlineData("fwMark = 0xffffffff", "fwMark = 9223372036854775807")]
    [InlineData("fwMark = \"0XfF\"", "fwMark = \"0x\"")]
    [InlineData("fwMark = \"12\"", "fwMark = \"1f\"")]
    [InlineData("fwMark = \"4294967295\"", "fwMark = \"4294967296\"")]
    [InlineData("fwMark = \"1\"", "fwMark = \" 1\"")]
    [InlineData("fwMark = 1", "fwMark = true")]
    [InlineData("dynamicEndpointRefreshSeconds = 86400", "dynamicEndpointRefreshSeconds = 86401")]
    [InlineData("dynamicEndpointRefreshSeconds = 0", "dynamicEndpointRefreshSeconds = -1")]
    [InlineData("dynamicEndpointRefreshSeconds = 10", "dynamicEndpointRefreshSeconds = 9")]
    [InlineData("ips = [\"10.64.0.2/32\"]", "ips = [\"10.64.0.2/33\"]")]
    [InlineData("ips = [\"10.64.0.2/0\"]", "ips = [\"10.64.0.2/-0\"]")]
    [InlineData("ips = [\"10.64.0.2/8\"]", "ips = [\"10.64.0.2/08\"]")]
    [InlineData("ips = [\"10.64.0.2\", \"fd00::2/128\"]", "ips = [\"10.64.0.2\", \"fd00::2/129\"]")]
    [InlineData("ips = [\"1.0.0.0\"]", "ips = [\"0.255.255.255\"]")]
    [InlineData("ips = [\"223.255.255.255\"]", "ips = [\"224.0.0.0\"]")]
    [InlineData("ips = [\"10.64.0.2\"]", "ips = [\"10.64.2\"]")]
    [InlineData("ips = [\"10.64.0.2\"]", "ips = [\"10.64.0.02\"]")]
    [InlineData("ips = [\"10.64.0.2\"]", "ips = [\"10.64.0.2 \"]")]
    [InlineData("ips = [\"10.64.0.2\"]", "ips = [\"10.64.0.2\\n\"]")]
    [InlineData("ips = [\"10.64.0.2\"]", "ips = [\"１0.64.0.2\"]")]
    [InlineData("privateKeyFile = \"/a%i'b c\"", "privateKeyFile = \"/a\\u0001\"")]
    [InlineData("privateKeyFile = \"/é\"", "privateKeyFile = \"/a\\u200eb\"")]
    [InlineData("privateKeyFile = \"/a\"", "privateKeyFile = \"/a/\"")]
    [InlineData("privateKeyFile = \"/a\"", "privateKeyFile = \"/a\\n\"")]
    [InlineData("privateKeyFile = \"/a\"", "privateKeyFile = \"\"")]
    public void Interface(string last, string first) => Check(Checked.One("", last), Checked.One("", first));

    [Theory]
    [InlineData("persistentKeepalive = 65535", "persistentKeepalive = 65536")]
    [InlineData("persistentKeepalive = 0", "persistentKeepalive = -1")]
    [InlineData("endpoint = \"198.51.100.7:1\"", "endpoint = \"198.51.100.7:0\"")]
    [InlineData("endpoint = \"198.51.100.7:65535\"", "endpoint = \"198.51.100.7:65536\"")]
    [InlineData("endpoint = \"198.51.100.7:51820\"", "endpoint = \"198.51.100.7:051820\"")]
    [InlineData("endpoint = \"198.51.100.7:51820\"", "endpoint = \"198.51.100.7\"")]
    [InlineData("endpoint = \"[2001:db8::7]:51820\"", "endpoint = \"2001:db8::7:51820\"")]
    [InlineData("allowedIPs = [\"10.64.8.7/16\"]", "allowedIPs = [\"10.9.8/16\"]")]
    [InlineData("allowedIPs = [\"0.0.0.0/0\", \"::/128\"]", "allowedIPs = [\"0.0.0.0/0\", \"::/129\"]")]
    [InlineData("allowedIPs = [\"0.0.0.0/0\", \"::1\"]", "allowedIPs = [\"0.0.0.0/0\", \"::1%lo\"]")]
    public void Peer(string last, string first) => Check(Checked.One("", peer: last), Checked.One("", peer: first));

    [Theory]
    [InlineData("egress = { mode = \"allowList\", allowedTcpPorts = [1, 65535] }", "egress = { mode = \"allowList\", allowedTcpPorts = [0] }")]
    [InlineData("egress = { mode = \"allowList\", allowedUdpPorts = [65535] }", "egress = { mode = \"allowList\", allowedUdpPorts = [65536] }")]
    [InlineData("egress = { mode = \"allowList\", allowedCidrs = [\"0.0.0.0/0\"] }", "egress = { mode = \"allowList\", allowedCidrs = [\"0.0.0.1/0\"] }")]
    [InlineData("egress = { mode = \"allowList\", allowedCidrs = [\"255.255.255.255\"] }", "egress = { mode = \"allowList\", allowedCidrs = [\"255.255.255.256\"] }")]
    [InlineData("ingress.fromTunnel.tcp = [65535]", "ingress.fromTunnel.tcp = [65536]")]
    [InlineData("ingress.fromTunnel.udp = [1]", "ingress.fromTunnel.udp = [0]")]
    [InlineData("publish = [ { listen = \"*:1\", to = 65535 } ]", "publish = [ { listen = \"*:1\", to = 65536 } ]")]
    [InlineData("publish = [ { listen = \"*:1\", to = 1 } ]", "publish = [ { listen = \"*:1\", to = 0 } ]")]
    [InlineData("hostLink = { enable = true, subnetIPv4 = \"10.0.0.0/30\" }", "hostLink = { enable = true, subnetIPv4 = \"10.0.0.0/29\" }")]
    [InlineData("hostLink = { enable = true, subnetIPv4 = \"223.255.255.252/30\" }", "hostLink = { enable = true, subnetIPv4 = \"224.0.0.0/30\" }")]
    [InlineData("hostLink = { enable = true, subnetIPv4 = \"1.0.0.0/30\" }", "hostLink = { enable = true, subnetIPv4 = \"0.0.0.0/30\" }")]
    [InlineData("hostLink = { enable = true, subnetIPv4 = \"10.0.0.0/30\" }", "hostLink = { enable = true, subnetIPv4 = \"fd00::/30\" }")]
    [InlineData("hostLink = { enable = true, hostIf = \"a23456789012345\" }", "hostLink = { enable = true, hostIf = \"a234567890123456\" }")]
    [InlineData("hostLink = { enable = true, hostIf = \"a.b_c-d\" }", "hostLink = { enable = true, hostIf = \"a:b\" }")]
    [InlineData("hostLink = { enable = true, hostIf = \"a\" }", "hostLink = { enable = true, hostIf = \"a\\u0000\" }")]
    [InlineData("hostLink = { enable = true, hostIf = \"lo0\" }", "hostLink = { enable = true, hostIf = \"lo\" }")]
    [InlineData("wireguard.socketNamespace = \"init1\"", "wireguard.socketNamespace = \"\"")]
    [InlineData("dns.servers = [\"10.64.0.1\"]", "dns.servers = [\"10.64.0.1:53\"]")]
    [InlineData("dns.servers = [\"10.64.0.1\"]", "dns.servers = [\"10.64.0.1/32\"]")]
    [InlineData("dns.servers = [\"169.253.0.1\"]", "dns.servers = [\"169.254.0.1\"]")]
    [InlineData("dns.servers = [\"223.0.0.1\"]", "dns.servers = [\"255.255.255.255\"]")]
    [InlineData("ipv6.mode = \"disable\"", "ipv6.mode = \"Disable\"")]
    public void Namespace(string last, string first) => Check(Checked.One(last), Checked.One(first));

    [Fact]
    public void IPv6_where_it_is_tunnelled()
    {
        const string Ns = "ipv6.mode = \"tunnel\"\n";
        const string WireGuard = "ips = [\"10.64.0.2/32\", \"fd00::2/128\"]\n";
        const string Peer = "allowedIPs = [\"0.0.0.0/0\", \"::/0\"]";
        foreach (var (last, first) in new[] { ("::/0", "::/129"), ("2001:db8::/127", "2001:db8::1/127"), ("2001:db8::1", "2001:db8::1%eth0"), ("64:ff9b::102:304", "64:ff9b::1.2.3.4"), ("2001:DB8::1", "::ffff:1.2.3.4") })
        {
            Check(
                Checked.One(Ns + $"egress = {{ mode = \"allowList\", allowedCidrs = [\"{last}\"] }}", WireGuard, Peer),
                Checked.One(Ns + $"egress = {{ mode = \"allowList\", allowedCidrs = [\"{first}\"] }}", WireGuard, Peer));
        }

        Check(Checked.One(Ns + "dns.servers = [\"fd00::1\"]", WireGuard, Peer), Checked.One(Ns + "dns.servers = [\"fe80::1\"]", WireGuard, Peer));
        Check(Checked.One(Ns, WireGuard + "mtu = 1280", Peer), Checked.One(Ns, WireGuard + "mtu = 1279", Peer));
    }

    private static void Check(Checked last, Checked first)
    {
        Assert.True(last.Confinement is not null, string.Join('\n', last.Findings));
        Assert.Null(first.Confinement);
        Assert.All(first.Findings, f => Assert.True(f.Remedy.Length > 0 && f.Span.Line > 0, f.ToString()));
    }
}
