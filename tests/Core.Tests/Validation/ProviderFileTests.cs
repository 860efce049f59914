using VpnConfinement.Diagnostics;
using VpnConfinement.Model;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>A wg-quick file together with what the configuration says about the same interface.</summary>
public sealed class ProviderFileTests
{
    private const string Namespace = """
        [namespaces.media]
        wireguard.configFile = "/etc/wireguard/m.conf"

        """;

    private static readonly Dictionary<string, string> Hostname = File("Endpoint = nl.example.net:51820");

    [Fact]
    public void A_hostname_names_the_two_lines_that_allow_it_and_they_do()
    {
        var refused = Assert.Single(Checked.Run(Namespace, Hostname).Findings);
        Assert.Equal(("VPC042", "namespaces.media.wireguard.configFile", "/etc/wireguard/m.conf:7:12"), (refused.Code, refused.Path, refused.Span.ToString()));
        var lines = refused.Remedy[refused.Remedy.IndexOf("wireguard.allow", StringComparison.Ordinal)..].TrimEnd('.').Split(", and ").Select(l => l.Split(" under ")).ToList();
        Assert.Equal(["wireguard.allowHostnameEndpoints = true", "[namespaces.media]"], lines[0]);
        var accepted = Checked.Run($"{Namespace}{lines[0][0]}\n{lines[1][1]}\n{lines[1][0]}\n", Hostname);
        Assert.Equal(new PeerEndpoint.Hostname("nl.example.net", 51820, 60), accepted.Only.WireGuard.Peers[0].Endpoint);
        Assert.Equal(["VPC101"], accepted.Codes);
    }

    [Fact]
    public void A_hostname_without_a_refresh_names_the_table_to_write_it_in()
    {
        var finding = Assert.Single(Checked.Run(Namespace + "wireguard.allowHostnameEndpoints = true\n", Hostname).Findings, f => f.Severity == Severity.Error);
        Assert.Equal(("VPC043", "Write dynamicEndpointRefreshSeconds = 60 under [wireguard.interfaces.wg0]."), (finding.Code, finding.Remedy));
    }

    [Fact]
    public void Under_highAssurance_the_remedy_proposes_nothing_that_is_refused()
    {
        var finding = Assert.Single(Checked.Run(Namespace + "securityProfile = \"highAssurance\"\negress.allowedCidrs = [\"192.0.2.1\"]\n", Hostname).Findings);
        Assert.Equal("VPC042", finding.Code);
        Assert.DoesNotContain("allowHostnameEndpoints", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("interfaceNamespace = \"media\"")]
    [InlineData("socketNamespace = \"init\"")]
    [InlineData("")]
    public void The_table_may_add_to_the_file(string line)
    {
        var config = Checked.Run(Namespace + "wireguard.allowHostnameEndpoints = true\n[wireguard.interfaces.wg0]\ndynamicEndpointRefreshSeconds = 30\n" + line, Hostname);
        Assert.Equal(new PeerEndpoint.Hostname("nl.example.net", 51820, 30), config.Only.WireGuard.Peers[0].Endpoint);
    }

    [Fact]
    public void An_attachment_beside_the_file_has_to_be_ours()
    {
        var finding = Assert.Single(Checked.Run(Namespace + "[wireguard.interfaces.wg0]\ninterfaceNamespace = \"other\"\n", File("Endpoint = 198.51.100.7:51820")).Findings);
        Assert.Equal(("VPC049", "wireguard.interfaces.wg0.interfaceNamespace"), (finding.Code, finding.Path));
    }

    [Theory]
    [InlineData("ips = [\"10.0.0.2/32\"]", "ips")]
    [InlineData("privateKey = \"x\"", "privateKey")]
    [InlineData("listenPort = 1", "listenPort")]
    [InlineData("mtu = 1400", "mtu")]
    [InlineData("fwMark = 1", "fwMark")]
    [InlineData("allowedIPsAsRoutes = true", "allowedIPsAsRoutes")]
    [InlineData("peers = [ {} ]", "peers")]
    public void The_table_may_not_define_what_the_file_defines(string line, string option)
    {
        var finding = Assert.Single(Checked.Run(Namespace + "[wireguard.interfaces.wg0]\ndynamicEndpointRefreshSeconds = 60\n" + line, File("Endpoint = 198.51.100.7:51820")).Findings);
        Assert.Equal(("VPC016", "namespaces.media.wireguard.configFile"), (finding.Code, finding.Path));
        Assert.EndsWith($"the table has {option}.", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("[::]")]
    [InlineData("[::1]")]
    [InlineData("[ff02::1]")]
    [InlineData("[fe80::1]")]
    [InlineData("[fe80::1%eth0]")]
    [InlineData("[::ffff:198.51.100.7]")]
    [InlineData("[::ffff:c633:6407]")]
    [InlineData("[2001:db8::198.51.100.7]")]
    [InlineData("0306.063.0144.07")]
    [InlineData("0xc6336407")]
    [InlineData("198.51.25607")]
    [InlineData("3325256711")]
    [InlineData("198.51.100.7.")]
    [InlineData("localhost")]
    [InlineData("nl.localhost")]
    [InlineData("nl..example")]
    [InlineData("nl example")]
    [InlineData("nl%eth0")]
    [InlineData("nлexample.net")]
    [InlineData("\"198.51.100.7\"")]
    public void No_server_has_such_an_address(string host)
    {
        foreach (var allow in new[] { "", "wireguard.allowHostnameEndpoints = true\n[wireguard.interfaces.wg0]\ndynamicEndpointRefreshSeconds = 60" })
        {
            Assert.Equal(["VPC041"], Checked.Run(Namespace + allow, File($"Endpoint = {host}:51820")).Codes);
        }
    }

    [Theory]
    [InlineData("1.0.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("[::2]")]
    [InlineData("[2001:db8::c633:6407]")]
    public void A_server_may_have_such_an_address(string host) => Assert.Empty(Checked.Run(Namespace, File($"Endpoint = {host}:51820")).Findings);

    [Fact]
    public void A_missing_address_is_found_whatever_else_is_wrong()
    {
        var wrong = Checked.Run("[namespaces.a]\n" + Namespace, new Dictionary<string, string> { ["/etc/wireguard/m.conf"] = $"[Interface]\nPrivateKey = {Checked.Key}\nDNS = 10.64.0.1\n[Peer]\nPublicKey = {Checked.Key}\nAllowedIPs = 0.0.0.0/0\n" });
        Assert.Contains(wrong.Findings, f => f.Code == "VPC050" && f.Message == "The interface wg0 has no address.");
    }

    [Fact]
    public void One_notice_for_all_that_is_left_out()
    {
        var many = string.Join(", ", Enumerable.Range(1, 40).Select(i => $"fd00::{i:x}/128"));
        var finding = Assert.Single(Checked.Run(Namespace, File($"Endpoint = 198.51.100.7:51820\nAllowedIPs = {many}")).Findings);
        Assert.Equal(("VPC112", "IPv6 is disabled in this namespace, so fd00::1/128, fd00::2/128, fd00::3/128, fd00::4/128 and 36 more are left out."), (finding.Code, finding.Message));
    }

    [Fact]
    public void No_notice_where_it_is_written_that_IPv6_is_left_out()
    {
        var files = File("Endpoint = 198.51.100.7:51820\nAllowedIPs = fd00::1/128");
        Assert.Equal("VPC112", Assert.Single(Checked.Run(Namespace, files).Findings).Code);
        Assert.Empty(Checked.Run(Namespace + "\nipv6.mode = \"disable\"\n", files).Findings);
    }

    private static Dictionary<string, string> File(string endpoint) => new()
    {
        ["/etc/wireguard/m.conf"] = $"[Interface]\nPrivateKey = {Checked.Key}\nAddress = 10.64.0.2/32\nDNS = 10.64.0.1\n[Peer]\nPublicKey = {Checked.Key}\n{endpoint}\nAllowedIPs = 0.0.0.0/0\n",
    };
}
