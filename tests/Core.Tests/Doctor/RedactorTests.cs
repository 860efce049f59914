using System.Net;
using System.Text.RegularExpressions;
using VpnConfinement.Doctor;
using VpnConfinement.Health;
using static VpnConfinement.Core.Tests.Doctor.DoctorCases;

namespace VpnConfinement.Core.Tests.Doctor;

/// <summary>What a report for a bug may not have.</summary>
public sealed class RedactorTests
{
    [Theory]
    [InlineData("peer PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0= is silent", "peer <key> is silent")]
    [InlineData("key PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0", "key <key>")]
    [InlineData("hex 3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d", "hex <key>")]
    [InlineData("to 198.51.100.7:51820, then 10.0.0.0/8", "to <address-1>, then <address-2>")]
    [InlineData("198.51.100.7 and 198.51.100.7", "<address-1> and <address-1>")]
    [InlineData("to [2001:db8::7]:51820.", "to <address-1>.")]
    [InlineData("from fd00::1/64 and ::1", "from <address-1> and <address-2>")]
    [InlineData("via fe80::1%eth0", "via <address-1>")]
    [InlineData("of 2001:db8:1:2:3:4:5:6 only", "of <address-1> only")]
    [InlineData("::ffff:192.0.2.1 came", "<address-1> came")]
    [InlineData("mac 02:00:5e:10:00:01", "mac <mac-1>")]
    [InlineData("nl1.vpn.example.net:51820 has no address", "<host-1>:51820 has no address")]
    [InlineData("NL1.Example.COM is one", "<host-1> is one")]
    [InlineData("a.vpn.x:51820 or b.lan1 has none", "<host-1>:51820 or <host-2> has none")]
    [InlineData("app.service failed", "<unit-1> failed")]
    [InlineData("journalctl -u 'my-secret@x.socket'", "journalctl -u '<unit-1>'")]
    [InlineData("read /home/alice/wg/key.conf now", "read <path-1> now")]
    [InlineData("('/etc/wireguard/mullvad.conf')", "('<path-1>')")]
    [InlineData("file=/root/.ssh/id, -/srv/x", "file=<path-1>, -<path-2>")]
    [InlineData("~/notes.txt", "~<path-1>")]
    [InlineData("vpn-confinement-netns@other.service", "<unit-1>")]
    public void What_tells_of_the_user_goes(string text, string expected) =>
        Assert.Equal(expected, new Redactor([]).Redact(text));

    [Theory]
    [InlineData("systemd 257, with its BPF framework")]
    [InlineData("The clock says 2026-03-01 12:00:00Z, and /var/lib/systemd/timesync/clock was changed")]
    [InlineData("Run 'vpn-confinement apply', which writes /etc/systemd/network/05-vpn-confinement.network")]
    [InlineData("nftables.service is up, and systemd-resolved.service too")]
    [InlineData("libnftables 1.1.3, kernel 6.1.0-21")]
    [InlineData("an MTU of 1420 bytes and/or 1.5 s")]
    public void What_is_the_same_on_every_host_stays(string text) =>
        Assert.Equal(text, new Redactor([]).Redact(text));

    [Fact]
    public void Known_names_go_wherever_they_stand()
    {
        var redactor = new Redactor(
        [
            new("namespace", "media"), new("namespace", "media-two"), new("user", "alice"), new("machine", "box"),
            new("service", "downloader"), new("path", "/home/alice/my files/a.conf"), new("link", "wg-home"),
        ]);
        Assert.Equal(
            "<namespace-1> of <namespace-2>, by <user-1>@<machine-1>, <service-1> and <path-1> over <link-1>",
            redactor.Redact(
                "media-two of media, by alice@box, downloader and /home/alice/my files/a.conf over wg-home"));
        Assert.Equal("BOX is not boxes, MEDIA".Replace("BOX", "<machine-1>", StringComparison.Ordinal)
            .Replace("MEDIA", "<namespace-2>", StringComparison.Ordinal), redactor.Redact("BOX is not boxes, MEDIA"));
    }

    [Theory]
    [InlineData("address")]
    [InlineData("key")]
    [InlineData("host")]
    [InlineData("path")]
    public void A_name_that_is_a_word_of_a_stand_in_breaks_none(string name)
    {
        var text = new Redactor([new("namespace", name)])
            .Redact($"{name} at 192.0.2.1 with {Key}, a.example.net, /srv/x");
        Assert.Equal("<namespace-1> at <address-1> with <key>, <host-1>, <path-1>", text);
    }

    [Fact]
    public void A_report_of_every_finding_has_no_key_address_or_name()
    {
        string[] secrets =
        [
            Key, OtherKey, "198.51.100.7", "51820", "eth0", "ppp0", "wg-home", "vh-a", "media", "app.service", "home",
            "provider.service", "00-all", "10.64.0.1", "dns.example", "ve-media", "wg0", "filter",
        ];
        KnownName[] names =
        [
            new("namespace", "media"), new("interface", "wg0"), new("link", "vh-a"), new("link", "eth0"),
            new("link", "ppp0"), new("link", "wg-home"), new("link", "home"), new("unit", "wg-quick@provider.service"),
            new("link", "ve-media"), new("table", "filter"), new("chain", "input"),
        ];
        foreach (var (code, facts) in ByCode)
        {
            var report = DoctorReport.Write(DoctorDocument.Of(facts, "1.2.3"), "Linux 6.1.0", names);
            Assert.Contains($" {code}\n", report, StringComparison.Ordinal);
            Assert.All(secrets, s => Assert.DoesNotMatch($@"(?<!\w){Regex.Escape(s)}(?!\w)", report));
        }
    }

    [Fact]
    public void With_names_only_keys_go()
    {
        var report = DoctorReport.Write(DoctorDocument.Of(Silent, "1.2.3"), "Linux 6.1.0", names: null);
        Assert.Contains("198.51.100.7:51820", report, StringComparison.Ordinal);
        Assert.Contains("media", report, StringComparison.Ordinal);
        Assert.DoesNotContain(Key[..40], report, StringComparison.Ordinal);
    }

    /// <summary>Whatever stands around them.</summary>
    [Fact]
    public void Addresses_and_keys_go_in_any_surroundings()
    {
        string[] edges =
            ["", " ", "'", "\"", "(", ")", "[", "]", ",", ".", ";", "=", "<", ">", "|", "@", "\n", "\t", "é"];
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[32];
            random.NextBytes(bytes);
            var key = Convert.ToBase64String(bytes);
            var four = new IPAddress(bytes[..4]).ToString();
            var six = new IPAddress(bytes[..16]).ToString();
            var (before, after) = (edges[random.Next(edges.Length)], edges[random.Next(edges.Length)]);
            foreach (var secret in (string[])[key, four, six])
            {
                var text = new Redactor([]).Redact($"x {before}{secret}{after} y");
                Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            }
        }
    }
}
