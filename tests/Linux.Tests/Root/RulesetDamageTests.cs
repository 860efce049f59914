using System.Net;
using System.Net.Sockets;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;

namespace VpnConfinement.Linux.Tests.Root;

[Collection("root")]
[Trait("guarantees", "S-32")]
public sealed class RulesetDamageTests(ITestOutputHelper output) : IDisposable
{
    private readonly RealRulesets _real = new("damage");

    public void Dispose() => _real.Dispose();

    [Theory]
    [InlineData("nft delete table INSIDE", "it is gone")]
    [InlineData("nft flush ruleset", "it is gone; it is gone; it is gone")]
    [InlineData("nft flush chain INSIDE output", "the rules of chain output were changed")]
    [InlineData(
        "nft delete rule INSIDE input handle $(nft -a list chain INSIDE input | grep refused_invalid | grep -o [0-9]*$)", "the rules of chain input were changed")]
    [InlineData("nft insert rule INSIDE output accept", "the rules of chain output were changed")]
    [InlineData("nft add rule INSIDE forward accept", "the rules of chain forward were changed")]
    [InlineData("nft add rule INSIDE forward counter", "the rules of chain forward were changed")]
    [InlineData("nft insert rule INSIDE output oifname != wg0 ip daddr { 192.0.2.1, 192.0.2.2 } accept",
        "the rules of chain output were changed")]
    [InlineData("nft add element INSIDE tunnel_tcp_ports { 4444 }",
        "the elements of set tunnel_tcp_ports were changed")]
    [InlineData("nft delete element INSIDE dns_blocked_ports { 853 }",
        "the elements of set dns_blocked_ports were changed")]
    [InlineData("nft flush set INSIDE never_tunnel_v4", "the elements of set never_tunnel_v4 were changed")]
    [InlineData("nft add element INSIDE allowed_v4 { 192.0.2.0/24 }", "the elements of set allowed_v4 were changed")]
    [InlineData(
        "nft delete element INSIDE allowed_v6 { 2001:db8:1::/64 }; nft add element INSIDE allowed_v6 { 2001:db8:1::/65 }", "the elements of set allowed_v6 were changed")]
    [InlineData("nft add set INSIDE more \"{ type ipv4_addr; }\"", "set more was added")]
    [InlineData("nft add map INSIDE more \"{ type ipv4_addr : verdict; }\"", "set more was added")]
    [InlineData("nft add chain INSIDE more", "chain more was added")]
    [InlineData("nft add chain INSIDE early \"{ type filter hook output priority -1; policy accept; }\"",
        "chain early was added")]
    [InlineData("nft add chain INSIDE output \"{ policy accept; }\"",
        "hook, priority or policy of chain output were changed")]
    [InlineData("nft add counter INSIDE more", "counter more was added")]
    [InlineData("nft add quota INSIDE more \"{ over 5 mbytes; }\"", "object 2:more was added")]
    [InlineData("nft add table INSIDE \"{ flags dormant; }\"",
        "it is dormant and filters nothing, the flags of the table were changed")]
    [InlineData("nft delete table HOST", "it is gone")]
    [InlineData("nft flush chain HOST input", "the rules of chain input were changed")]
    [InlineData("nft insert rule HOST forward accept", "the rules of chain forward were changed")]
    [InlineData("nft add chain HOST input \"{ policy drop; }\"",
        "hook, priority or policy of chain input were changed")]
    [InlineData("nft add chain HOST output \"{ type filter hook output priority 0; policy drop; }\"",
        "chain output was added")]
    [InlineData("nft add table HOST \"{ flags dormant; }\"",
        "it is dormant and filters nothing, the flags of the table were changed")]
    [InlineData("nft flush chain PIN output", "the rules of chain output were changed")]
    [InlineData("nft add element PIN endpoints_v4 { 192.0.2.1 . 53 }", "the elements of set endpoints_v4 were changed")]
    [InlineData("nft delete element PIN endpoints_v6 { 2001:db8:1::9 . 443 }",
        "the elements of set endpoints_v6 were changed")]
    [InlineData("nft add chain PIN output \"{ policy drop; }\"",
        "hook, priority or policy of chain output were changed")]
    [InlineData("nft delete table PIN; nft add table PIN",
        "chain output is gone, set endpoints_v4 is gone, set endpoints_v6 is gone and 2 more")]
    public void Each_kind_of_damage_is_named_and_repaired(string damage, string named) // S-32
    {
        _real.Ensure();
        Assert.Equal("", _real.Drift());
        _real.Nft(damage);
        var expected = named.Split("; ").Order(StringComparer.Ordinal);
        Assert.Equal(expected.Select(Words), _real.Drift().Split("; ").Order(StringComparer.Ordinal).Select(Words));
        _real.Ensure();
        Assert.Equal("", _real.Drift());
    }

    [Theory]
    [InlineData("hook output priority filter; policy drop", "hook output priority filter + 1; policy drop",
        "hook, priority or policy of chain output were changed")]
    [InlineData("hook forward priority filter; policy drop", "hook prerouting priority filter; policy drop",
        "hook, priority or policy of chain forward were changed")]
    [InlineData("chain forward {", "chain backward {", "chain forward is gone, chain backward was added")]
    [InlineData("flags interval\n\t\telements = { 0.0.0.0/8, 127.0.0.0/8",
        "flags interval\n\t\telements = { 0.0.0.0/8, 127.0.0.0/9", "the elements of set never_tunnel_v4 were changed")]
    [InlineData("meta l4proto { udp, udplite, sctp, dccp }", "meta l4proto { udp, udplite, sctp }",
        "the rules of chain output were changed")]
    [InlineData("ct state invalid counter", "ct state invalid,untracked counter", "the rules of chain ")]
    [InlineData("\t\tct state invalid counter name \"refused_invalid\" drop\n", "", "the rules of chain ")]
    [InlineData("oifname != \"wg0\"", "oifname != \"wg1\"", "the rules of chain output were changed")]
    [InlineData("oifname != \"wg0\"", "oifname != \"wg*\"", "the rules of chain output were changed")]
    [InlineData("reject with tcp reset", "drop", "the rules of chain output were changed")]
    [InlineData("ip saddr != @tunnel_v4", "ip saddr @tunnel_v4", "the rules of chain output were changed")]
    [InlineData("type inet_service\n\t\telements = { 53", "type inet_service\n\t\tflags constant\n\t\telements = { 53",
        "set dns_blocked_ports was changed")]
    public void A_table_loaded_from_a_changed_text_is_another(string from, string to, string named)
    {
        _real.Ensure();
        var text = _real.Inside.Text();
        Assert.Contains(from, text, StringComparison.Ordinal);
        _real.Replace(_real.Inside, text.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(named, _real.Drift(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_in_another_order_are_other_rules()
    {
        _real.Ensure();
        var lines = _real.Inside.Text().Split('\n').ToList();
        var first = lines.FindIndex(l => l.Contains("oifname \"lo\" accept", StringComparison.Ordinal));
        (lines[first], lines[first + 1]) = (lines[first + 1], lines[first]);
        _real.Replace(_real.Inside, string.Join('\n', lines));
        Assert.Equal("the rules of chain output were changed", _real.Drift());
    }

    [Theory]
    [InlineData(
        "nft add table inet other; nft add chain inet other output \"{ type filter hook output priority 0; }\"; nft add table ip vpnc; nft add chain ip vpnc x")]
    [InlineData(
        "nft delete element INSIDE dns_blocked_ports { 853, 53 }; nft add element INSIDE dns_blocked_ports { 53 }; nft add element INSIDE dns_blocked_ports { 853 }")]
    [InlineData(
        "nft delete element INSIDE allowed_v4 { 203.0.113.128/25 }; nft add element INSIDE allowed_v4 { 203.0.113.128/25 comment \"theirs\" }")]
    [InlineData(
        "nft delete element PIN endpoints_v4 { 198.51.100.9 . 51820 }; nft add element PIN endpoints_v4 { 198.51.100.9 . 51820 }")]
    [InlineData("nft add chain INSIDE output \"{ policy accept; }\"; nft add chain INSIDE output \"{ policy drop; }\"")]
    [InlineData(
        "nft add rule INSIDE forward accept comment \"theirs\"; nft delete rule INSIDE forward handle $(nft -a list chain INSIDE forward | grep theirs | grep -o [0-9]*$)")]
    [InlineData("nft reset counters table INSIDE >/dev/null")]
    public void What_says_the_same_about_packets_is_the_same(string command)
    {
        _real.Ensure();
        _real.Nft(command);
        Assert.Equal("", _real.Drift());
    }

    [Fact]
    public void The_same_text_loaded_again_by_nft_is_the_same()
    {
        _real.Ensure();
        foreach (var table in _real.All)
        {
            _real.Replace(table, table.Text());
            _real.Replace(table, table.Text().Replace(" accept\n", " accept comment \"ours\"\n",
                StringComparison.Ordinal));
        }

        Assert.Equal("", _real.Drift());
    }

    /// <summary>
    /// With <c>VPNC_LAB_ROOT</c> by the nft of that Debian, which may be another than the library that this process has
    /// loaded.
    /// </summary>
    [Fact]
    public void The_same_text_loaded_by_the_labs_nft_is_read_and_replaced()
    {
        _real.Ensure();
        var root = Environment.GetEnvironmentVariable("VPNC_LAB_ROOT");
        var nft = root is null ? "nft" : $"chroot {root} nft";
        foreach (var table in _real.All)
        {
            _real.Replace(table, table.Text(), nft);
            var found = _real.Parts(table);
            output.WriteLine(
                $"{table.Name} loaded by {nft}: {RulesetIdentity.Difference(CompiledRuleset.Of(table.Name, table.Text()).Parts, found) ?? "the same"}");
            new RulesetRecord(table.Name, table.Source!, found).Save(table.RecordPath);
        }

        Assert.Equal("", _real.Drift());
        _real.Nft(
            $"for t in \"INSIDE output\" \"HOST forward\" \"PIN output\"; do echo add rule $t accept | {nft} -f -; done");
        Assert.Equal(
            "the rules of chain output were changed; the rules of chain forward were changed; the rules of chain output were changed", _real.Drift());
        _real.Ensure();
        Assert.Equal("", _real.Drift());
    }

    [Fact]
    public void Each_named_counter_is_read_with_its_counts()
    {
        _real.Ensure();
        _real.Nft(
            "ip link add name other type veth peer name another; ip link set another up; ip address add 192.0.2.9/24 dev other; ip link set other up");
        var counters = _real.Run(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Assert.All(Enumerable.Range(0, 3), _ => Assert.Throws<SocketException>(() =>
                socket.SendTo(new byte[100], new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9))));
            using var kernel = NfTablesSocket.Here();
            return NftCounters.Of(kernel, _real.Inside.Name);
        });
        Assert.Equal(RefusedCounters.All, counters.Select(c => c.Name));
        var egress = counters.Single(c => c.Name == "refused_egress");
        Assert.True(egress.Packets >= 3 && egress.Bytes >= 3 * 128, $"{egress}");
        Assert.Equal("", _real.Drift());
    }

    // Where several differ, their order is that of the kernel.
    private static string Words(string phrase) => string.Join(' ', phrase.Replace(",", "", StringComparison.Ordinal)
        .Split(' ').Order(StringComparer.Ordinal));
}
