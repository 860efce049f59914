using VpnConfinement.Config.WgQuick;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>What providers and their tools write into a wg-quick file, and what is no wg-quick file.</summary>
public sealed class ProviderFormatTests
{
    private const string Path = "/etc/wireguard/m.conf";

    private const string Namespace = $"""
        [namespaces.media]
        wireguard.configFile = "{Path}"

        """;

    private const string Other = "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=";

    private const string Peer = $"""
        [Peer]
        PublicKey = {Checked.Key}
        AllowedIPs = 0.0.0.0/0
        Endpoint = 198.51.100.7:51820

        """;

    [Theory]
    [InlineData("10.64.0.1 10.64.0.2")]
    [InlineData("10.64.0.1,10.64.0.2")]
    [InlineData("10.64.0.1 , 10.64.0.2,")]
    [InlineData("10.64.0.1\t10.64.0.2")]
    [InlineData("10.64.0.1\nDNS = 10.64.0.2")]
    [InlineData("10.64.0.1 10.64.0.2\r")]
    public void Blanks_separate_resolvers_as_commas_do(string servers)
    {
        var file = Run(Interface("DNS = " + servers) + Peer);
        Assert.Empty(file.Codes);
        Assert.Equal(["10.64.0.1", "10.64.0.2"], file.Only.DnsServers.Select(s => s.ToString()));
    }

    [Fact]
    public void Blanks_separate_search_domains_and_addresses()
    {
        var file = Run(File("10.64.0.2/32 10.64.0.3", "10.64.0.1 lan.example  home.example", "0.0.0.0/0"));
        Assert.Equal(["10.64.0.2/32", "10.64.0.3/32"], file.Only.WireGuard.Addresses.Select(a => a.ToString()));
        Assert.Equal(["lan.example", "home.example"], file.Only.DnsSearch);
    }

    [Fact]
    public void A_finding_about_an_item_between_blanks_stands_at_that_item()
    {
        var finding = Assert.Single(Run(Interface("DNS = 10.64.0.1 999.1.1.1") + Peer).Findings);
        Assert.Equal(("VPC021", $"{Path}:4:17"), (finding.Code, finding.Span.ToString()));
    }

    [Theory]
    [InlineData("MTU =")]
    [InlineData("MTU=\nMTU =")]
    [InlineData("PostUp =\nPostDown =\nPreUp =\nPreDown = ")]
    [InlineData("Table =")]
    [InlineData("Address =")]
    [InlineData("DNS = # none")]
    [InlineData("SaveConfig = false")]
    public void A_key_without_a_value_is_none_where_wg_quick_reads_it(string lines)
    {
        var file = Run(Interface("DNS = 10.64.0.1\n" + lines) + Peer);
        Assert.Empty(file.Findings);
        Assert.Null(file.Only.WireGuard.Mtu);
        Assert.True(file.Only.WireGuard.AllowedIPsAsRoutes);
    }

    [Theory]
    [InlineData("ListenPort =", "")]
    [InlineData("FwMark =", "")]
    [InlineData("", "PresharedKey =")]
    [InlineData("", "PersistentKeepalive =")]
    public void A_key_without_a_value_is_refused_where_wg_reads_it(string own, string peer)
    {
        var finding = Assert.Single(Run(Interface("DNS = 10.64.0.1\n" + own) + Peer + peer).Findings);
        Assert.Equal(("VPC050", (own + peer).Split(' ')[0] + " has no value."), (finding.Code, finding.Message));
    }

    [Fact]
    public void Nothing_goes_out_without_an_endpoint_and_a_listen_port()
    {
        var peer = Peer.Replace("Endpoint = 198.51.100.7:51820\n", "", StringComparison.Ordinal);
        var finding = Assert.Single(Run(Interface("DNS = 10.64.0.1") + peer).Findings);
        Assert.Equal(("VPC051", $"{Path}:5:1"), (finding.Code, finding.Span.ToString()));
        Assert.Equal(["VPC051"], Run(Interface("DNS = 10.64.0.1\nListenPort = 0") + peer).Codes);
        Assert.Empty(Run(Interface("DNS = 10.64.0.1\nListenPort = 51820") + peer).Codes);
    }

    [Theory]
    [InlineData("AllowedIPs = 10.0.0.0/8", true)]
    [InlineData("AllowedIPs = 0.0.0.0/1, 128.0.0.0/2", true)]
    [InlineData("AllowedIPs = 0.0.0.0/1, 128.0.0.0/1", false)]
    [InlineData("AllowedIPs = 10.0.0.0/8\n[Peer]\nPublicKey = " + Other + "\nAllowedIPs = 192.0.2.53", false)]
    public void A_resolver_is_behind_the_tunnel(string allowed, bool refused)
    {
        var peer = Peer.Replace("AllowedIPs = 0.0.0.0/0", allowed, StringComparison.Ordinal);
        var file = Run(Interface("DNS = 192.0.2.53") + peer);
        Assert.Equal(refused ? ["VPC024"] : [], file.Codes);
        Assert.Equal(refused, file.Confinement is null);
    }

    [Fact]
    public void A_resolver_is_not_held_against_routes_that_are_not_made() =>
        Assert.Equal(
            ["VPC104"], Run(File("10.64.0.2/32\nTable = off", "192.0.2.53", "10.0.0.0/8")).Codes);

    [Theory]
    [InlineData("Jc = 0\nJmin = 0\nJmax = 0\nS1 = 0\nS2 = 0\nH1 = 1\nH2 = 2\nH3 = 3\nH4 = 4", Severity.Notice)]
    [InlineData("H1 = 1\nI1 =", Severity.Notice)]
    [InlineData("Jc = 4\nJmin = 40\nJmax = 70\nS1 = 0\nS2 = 0\nH1 = 1\nH2 = 2\nH3 = 3\nH4 = 4", Severity.Warning)]
    [InlineData("I1 = <b 0xc7000000010844e1>", Severity.Warning)]
    public void AmneziaWG_with_the_values_of_plain_WireGuard_is_accepted(string lines, Severity severity)
    {
        var file = Run(Interface("DNS = 10.64.0.1\n" + lines) + Peer);
        var finding = Assert.Single(file.Findings);
        Assert.Equal(("VPC115", severity), (finding.Code, finding.Severity));
        Assert.Contains("AmneziaWG", finding.Message, StringComparison.Ordinal);
        Assert.NotNull(file.Confinement);
    }

    [Theory]
    [InlineData("Jc = 5\nJmin = 40\nJmax = 70\nS1 = 46\nS2 = 122\nH1 = 1148171237\nH2 = 9", "S1, S2, H1, H2 set")]
    [InlineData("s4 = 12", "s4 sets")]
    [InlineData("H1 = 1-5", "H1 sets")]
    [InlineData("HeaderProtectionKey = " + Checked.Key, "HeaderProtectionKey sets")]
    public void AmneziaWG_is_named_once(string lines, string named)
    {
        var finding = Assert.Single(Run(Interface("DNS = 10.64.0.1\n" + lines) + Peer).Findings);
        Assert.Equal(("VPC052", false), (finding.Code, finding.ShowLine));
        Assert.StartsWith("This is an AmneziaWG configuration: ", finding.Message, StringComparison.Ordinal);
        Assert.EndsWith($" does not speak what {named}.", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client\ndev tun\nproto udp\nremote 203.0.113.9 1194\n<ca>\nx\n</ca>\n", "an OpenVPN configuration")]
    [InlineData("# made for you\r\nclient\r\nremote vpn.example.net 1194 udp\r\n", "an OpenVPN configuration")]
    [InlineData("WGConfig = /x.conf\n[Socks5]\nBindAddress = 127.0.0.1:1080\n", "a wireproxy configuration")]
    [InlineData("INTERFACE[http]\nBindAddress = 127.0.0.1:3128\n", "a wireproxy configuration")]
    [InlineData("INTERFACEObfuscateKey = secret\n", "a TunSafe configuration")]
    [InlineData("INTERFACEBlockDNS = true\n", "a TunSafe configuration")]
    [InlineData("INTERFACE[Peer]\nEndpoint = tcp://203.0.113.9:443\n", "a TunSafe configuration")]
    [InlineData("[NetDev]\nName=wg0\nKind=wireguard\n[WireGuard]\nPrivateKey=x\n", "a file of systemd-networkd")]
    [InlineData("[connection]\nid=x\ntype=wireguard\n[wireguard]\nprivate-key=x\n", "a connection of NetworkManager")]
    [InlineData("conn provider\n  keyexchange=ikev2\n", "an IPsec configuration")]
    [InlineData("<!DOCTYPE html>\n<html>", "a web page")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\">", "a picture")]
    [InlineData("{\n  \"outbounds\": []\n}", "JSON")]
    [InlineData("vpn://AAAB", "a link for an app")]
    public void Another_programs_file_is_named_once(string text, string what)
    {
        var file = text.Replace("INTERFACE", Interface("DNS = 10.64.0.1") + "\n", StringComparison.Ordinal);
        var finding = Assert.Single(Run(file).Findings);
        Assert.Equal(("VPC052", false), (finding.Code, finding.ShowLine));
        Assert.StartsWith("This is " + what, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_a_name_tells_where_nothing_else_does()
    {
        var config = Namespace.Replace(Path, "/etc/x.OVPN", StringComparison.Ordinal);
        var files = new Dictionary<string, string> { ["/etc/x.OVPN"] = "remote 203.0.113.9\n" };
        Assert.Equal(["VPC052"], Checked.Run(config, files).Codes);

        // What it is counts, not how it is called.
        files["/etc/x.OVPN"] = Interface("DNS = 10.64.0.1") + Peer;
        Assert.Empty(Checked.Run(config, files).Findings);
    }

    [Theory]
    [InlineData("89504E470D0A1A0A", "a PNG picture")]
    [InlineData("FFD8FFE000104A46", "a JPEG picture")]
    [InlineData("504B0304", "a ZIP archive")]
    [InlineData("1F8B08", "a gzip archive")]
    [InlineData("FFFE5B004900", "text in UTF-16")]
    public void A_format_is_known_by_its_first_bytes(string bytes, string name) =>
        Assert.Equal(name, BinaryFormat.Of(Convert.FromHexString(bytes))?.Name);

    [Theory]
    [InlineData("")]
    [InlineData("5B")]
    [InlineData("89")]
    [InlineData("80FF")]
    public void Other_bytes_are_no_known_format(string bytes) =>
        Assert.Null(BinaryFormat.Of(Convert.FromHexString(bytes)));

    [Fact]
    public void An_IPv6_only_file_has_one_finding_with_the_line_that_cures_it()
    {
        var text = File("fd00::2/128", "fd00::1", "::/0");
        var finding = Assert.Single(Run(text).Findings);
        Assert.Equal("VPC050", finding.Code);
        Assert.Equal("Write ipv6.mode = \"tunnel\" under [namespaces.media].", finding.Remedy);
        var cured = Run(text, "ipv6.mode = \"tunnel\"\n");
        Assert.Empty(cured.Findings);
        Assert.NotNull(cured.Confinement);
    }

    [Theory]
    [InlineData("10.64.0.2/32, fd00::2/128", "10.64.0.1", "::/0", "VPC050")]
    [InlineData("10.64.0.2/32, fd00::2/128", "fd00::1", "0.0.0.0/0, ::/0", "VPC020")]
    public void A_file_of_which_a_part_is_IPv6_only_is_told_of_ipv6_mode(
        string address, string dns, string allowed, string code)
    {
        var finding = Assert.Single(Run(File(address, dns, allowed)).Findings, f => f.Severity == Severity.Error);
        Assert.Equal(code, finding.Code);
        Assert.Contains("ipv6.mode = \"tunnel\" under [namespaces.media]", finding.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("add a DNS line", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.53")]
    [InlineData("[::1]")]
    [InlineData("localhost")]
    public void An_endpoint_on_this_host_is_refused_with_its_reason(string host)
    {
        var peer = Peer.Replace("198.51.100.7", host, StringComparison.Ordinal);
        var finding = Assert.Single(Run(Interface("DNS = 10.64.0.1") + peer).Findings);
        Assert.Equal("VPC041", finding.Code);
        Assert.Contains("is a program on this host", finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("your provider", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PostUp = wg set %i private-key /etc/wireguard/%i.key")]
    [InlineData("PreUp = wg set m private-key /etc/wireguard/m.key")]
    public void A_key_that_a_hook_would_set_names_the_line_to_write_and_it_does(string hook)
    {
        var text = $"[Interface]\nAddress = 10.64.0.2/32\nDNS = 10.64.0.1\n{hook}\n{Peer}";
        var finding = Assert.Single(Run(text).Findings);
        Assert.Equal("VPC048", finding.Code);
        Assert.Equal(
            "Write privateKeyFile = \"/etc/wireguard/m.key\" under [wireguard.interfaces.wg0].", finding.Remedy);
        var cured = Run(text, "[wireguard.interfaces.wg0]\nprivateKeyFile = \"/etc/wireguard/m.key\"\n");
        Assert.Empty(cured.Findings);
        Assert.Equal("/etc/wireguard/m.key", Assert.IsType<KeySource.UserFile>(cured.Only.WireGuard.PrivateKey).Path);
    }

    [Theory]
    [InlineData("PostUp = wg set other private-key /etc/wireguard/m.key")]
    [InlineData("PostUp = wg set %i private-key <(pass m)")]
    [InlineData("PostUp = wg set %i private-key /etc/m.key; ip route add 192.0.2.0/24 dev %i")]
    public void Another_command_is_none_that_sets_the_key(string hook)
    {
        var file = Run($"[Interface]\nAddress = 10.64.0.2/32\nDNS = 10.64.0.1\n{hook}\n{Peer}");
        Assert.Equal(["VPC048", "VPC115"], file.Codes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_hook_that_would_replace_the_key_of_the_file_is_reported() =>
        Assert.Equal(["VPC115"], Run(Interface("DNS = 10.64.0.1\nPostUp = wg set %i private-key /k") + Peer).Codes);

    [Fact]
    public void One_private_key_only()
    {
        var file = Interface("DNS = 10.64.0.1") + Peer;
        var finding = Assert.Single(Run(file, "[wireguard.interfaces.wg0]\nprivateKeyFile = \"/k\"\n").Findings);
        Assert.Equal(("VPC048", "wireguard.interfaces.wg0.privateKeyFile"), (finding.Code, finding.Path));
    }

    private static string Interface(string lines) =>
        $"[Interface]\nPrivateKey = {Checked.Key}\nAddress = 10.64.0.2/32\n{lines}\n";

    private static string File(string address, string dns, string allowed) =>
        $"[Interface]\nPrivateKey = {Checked.Key}\nAddress = {address}\nDNS = {dns}\n"
        + Peer.Replace("0.0.0.0/0", allowed, StringComparison.Ordinal);

    private static Checked Run(string text, string lines = "") =>
        Checked.Run(Namespace + lines, new Dictionary<string, string> { [Path] = text });
}
