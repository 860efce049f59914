using System.Net;
using VpnConfinement.Compile;
using VpnConfinement.Model;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>What options become in the model.</summary>
public sealed class ModelTests
{
    [Fact]
    public void Nothing_written_is_everything_allowed_through_the_tunnel()
    {
        var ns = Checked.One("").Only;
        Assert.Equal((SecurityProfile.Balanced, DnsMode.Strict, false), (ns.Profile, ns.DnsMode, ns.AllowHostResolverIpc));
        Assert.Equal((EgressMode.AllowAllTunnel, true), (ns.Egress.Mode, ns.Egress.EssentialIcmp));
        Assert.Empty(ns.Egress.TcpPorts.Concat(ns.Egress.UdpPorts).Concat(ns.FromTunnelTcp).Concat(ns.FromTunnelUdp));
        Assert.Empty(ns.Egress.Cidrs);
        Assert.Empty(ns.Publish);
        Assert.Null(ns.WireGuard.Birthplace);
        Assert.Null(ns.WireGuard.PinningMark);
        Assert.Equal(0u, ns.WireGuard.FwMark);
    }

    [Theory]
    [InlineData("a.service")]
    [InlineData("a.socket")]
    [InlineData("a.target")]
    [InlineData("a.timer")]
    [InlineData("a.path")]
    [InlineData("a.mount")]
    [InlineData("a.automount")]
    [InlineData("a.swap")]
    [InlineData("a.device")]
    [InlineData("a.slice")]
    [InlineData("a.scope")]
    public void A_namespace_may_end_as_a_unit_of_any_type_does(string name)
    {
        var config = Checked.Run(Checked.Namespace($"\"{name}\"", "wg0"));
        Assert.Equal([], config.Codes);
        Assert.Equal(name, $"{config.Only.Name}");
        Assert.NotEmpty(config.Only.CommandMasks);
        Assert.NotEmpty(Compiler.Compile(config.Confinement!).Files);
    }

    [Fact]
    public void Egress_is_a_list_in_canonical_form()
    {
        var egress = Checked.One("""
            egress = { mode = "allowList", allowedTcpPorts = [443, 80, 443], allowedUdpPorts = [65535, 1], allowedCidrs = ["10.1.0.0/16", "10.0.0.0/16", "192.0.2.7", "10.0.3.0/24"], allowEssentialIcmp = false }
            """).Only.Egress;
        Assert.Equal(EgressMode.AllowList, egress.Mode);
        Assert.Equal([80, 443], egress.TcpPorts);
        Assert.Equal([1, 65535], egress.UdpPorts);
        Assert.Equal(["10.0.0.0/15", "192.0.2.7/32"], egress.Cidrs.Select(c => c.ToString()));
        Assert.False(egress.EssentialIcmp);
    }

    [Fact]
    public void HighAssurance_makes_egress_a_list()
    {
        var ns = Checked.One("securityProfile = \"highAssurance\"\negress.allowedCidrs = [\"192.0.2.0/24\"]").Only;
        Assert.Equal((SecurityProfile.HighAssurance, EgressMode.AllowList), (ns.Profile, ns.Egress.Mode));
    }

    [Fact]
    public void Ports_from_the_tunnel_are_ascending_and_unique()
    {
        var ns = Checked.One("ingress.fromTunnel = { tcp = [51413, 22, 22], udp = [6881, 1] }").Only;
        Assert.Equal([22, 51413], ns.FromTunnelTcp);
        Assert.Equal([1, 6881], ns.FromTunnelUdp);
    }

    [Fact]
    public void Compat_dns_needs_no_servers()
    {
        var config = Checked.Run($$"""
            [namespaces.m]
            dns = { mode = "compat", allowHostResolverIPC = true }
            [wireguard.interfaces.wg0]
            ips = ["10.64.0.2/32"]
            privateKeyFile = "/k"
            peers = [ { publicKey = "{{Checked.Key}}", endpoint = "198.51.100.7:51820", allowedIPs = ["0.0.0.0/0"] } ]
            """);
        Assert.Empty(config.Only.DnsServers);
        Assert.Equal((DnsMode.Compat, true), (config.Only.DnsMode, config.Only.AllowHostResolverIpc));
        Assert.Equal(["VPC114", "VPC114"], config.Codes);
    }

    [Theory]
    [InlineData("", null, false)]
    [InlineData("wireguard.socketNamespace = \"init\"", null, false)]
    [InlineData("wireguard.socketNamespace = \"theirs\"", "theirs", false)]
    public void Birthplace(string line, string? name, bool managed)
    {
        var birthplace = Checked.One(line).Only.WireGuard.Birthplace;
        Assert.Equal((name, managed), (birthplace?.Name.ToString(), birthplace?.Managed ?? false));
    }

    [Fact]
    public void Birthplace_in_a_namespace_of_this_configuration()
    {
        var config = Checked.One(
            "wireguard.socketNamespace = \"outer\"",
            top: """
            [namespaces.outer]
            wireguard.interface = "wg1"
            dns.servers = ["10.65.0.1"]
            [wireguard.interfaces.wg1]
            ips = ["10.65.0.2/32"]
            privateKeyFile = "/k"
            peers = [ { publicKey = "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=", endpoint = "198.51.100.8:51820", allowedIPs = ["0.0.0.0/0"] } ]
            """);
        Assert.Empty(config.Findings);
        Assert.Equal(["outer (True)"], config.Confinement!.Namespaces.Select(n => n.WireGuard.Birthplace).OfType<Birthplace>().Select(b => $"{b.Name} ({b.Managed})"));
    }

    [Fact]
    public void A_pinning_mark_is_the_mark_of_the_interface()
    {
        var derived = Checked.One("wireguard.endpointPinning.enable = true").Only.WireGuard;
        Assert.Equal((PinningRules.DerivedMark("wg0"), PinningRules.DerivedMark("wg0")), (derived.PinningMark, derived.FwMark));
        var written = Checked.One("wireguard.endpointPinning = { enable = true, fwMark = \"0xffffffff\" }", "fwMark = 4294967295").Only.WireGuard;
        Assert.Equal((uint.MaxValue, uint.MaxValue), (written.PinningMark, written.FwMark));
        var off = Checked.One("wireguard.endpointPinning = { enable = false, fwMark = 7 }", "fwMark = 8").Only.WireGuard;
        Assert.Equal((null, 8u), (off.PinningMark, off.FwMark));
    }

    [Theory]
    [InlineData("dynamicEndpointRefreshSeconds = 10", "", 10)]
    [InlineData("", ", dynamicEndpointRefreshSeconds = 86400", 86400)]
    [InlineData("dynamicEndpointRefreshSeconds = 60", ", dynamicEndpointRefreshSeconds = 30", 30)]
    public void A_hostname_is_looked_up_as_often_as_the_peer_or_the_interface_says(string wireGuard, string peer, int seconds)
    {
        var config = Checked.One("wireguard.allowHostnameEndpoints = true", wireGuard, "endpoint = \"nl.example.net:51820\"" + peer);
        Assert.Equal(new PeerEndpoint.Hostname("nl.example.net", 51820, seconds), config.Only.WireGuard.Peers[0].Endpoint);
        Assert.Equal(["VPC101"], config.Codes);
    }

    [Fact]
    public void Published_ports()
    {
        var published = Checked.One("""
            publish = [
              { listen = "127.0.0.1:8080", to = 80 }, { listen = "[::1]:8080", to = 80 }, { listen = "192.168.1.5:8080", to = 443 },
              { listen = "*:8081", to = 1 }, { listen = "unix:/run/x.sock", to = 65535 },
            ]
            """).Only.Publish;
        Assert.Equal(
            [
                new PublishedPort(new ListenAddress.Tcp(IPEndPoint.Parse("127.0.0.1:8080")), 80), new PublishedPort(new ListenAddress.Tcp(IPEndPoint.Parse("[::1]:8080")), 80),
                new PublishedPort(new ListenAddress.Tcp(IPEndPoint.Parse("192.168.1.5:8080")), 443), new PublishedPort(new ListenAddress.AnyTcp(8081), 1),
                new PublishedPort(new ListenAddress.Unix("/run/x.sock"), 65535),
            ],
            published);
    }

    [Fact]
    public void A_private_key_that_is_made_when_it_is_missing_is_not_missed()
    {
        var config = Checked.One("", "generatePrivateKeyFile = true", keyFile: new FileFact.Missing());
        Assert.True(config.Only.WireGuard.GeneratePrivateKey);
        Assert.Empty(config.Findings);
        Assert.Equal(["VPC111"], Checked.One("", "generatePrivateKeyFile = false", keyFile: new FileFact.Missing()).Codes);
    }
}
