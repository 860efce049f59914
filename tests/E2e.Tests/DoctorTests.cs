using System.Text.Json;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>What <c>doctor</c> finds on a host: what was planted, and nothing else.</summary>
public sealed class DoctorTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string NetworkFile = "/etc/systemd/network/00-all.network";
    private const string Report = "/root/report.txt";

    public void Dispose()
    {
        host.Shell(
            $"rm -f {NetworkFile} {Report}; systemctl stop systemd-networkd.service systemd-networkd.socket; "
            + $"nft delete table inet fence 2>/dev/null; ip route replace default via {Addresses.Gateway}; "
            + "systemctl daemon-reload").OrThrow();
        host.Write(Laboratory.ProviderFile, host.Laboratory.World.Provider.CustomerFile);
        host.Shell($"chmod 600 {Laboratory.ProviderFile}").OrThrow();
        host.Laboratory.World.NarrowWay(null);
        host.Laboratory.World.IgnoreEcho(ignore: false);
        host.Reset();
    }

    [Fact]
    public void A_host_on_which_nothing_is_wrong_has_no_finding()
    {
        var bare = host.Product("doctor");
        Assert.True(bare.ExitCode == 0, bare.Output + bare.Error);
        Assert.Contains("\nnothing is wrong\n", bare.Output, StringComparison.Ordinal);
        Start();
        host.WaitForStatus();
        Assert.Equal([], Codes(0));
        Assert.Contains(
            "measured for 1 of 1 that are up", host.Product("doctor").OrThrow().Output, StringComparison.Ordinal);

        // What is in a report is what was seen, without what tells of the user.
        host.Product("doctor", "--report", Report).OrThrow();
        var report = host.Read(Report);
        Assert.Contains("libnftables", report, StringComparison.Ordinal);
        Assert.Equal("644\n", host.Shell($"stat -c %a {Report}").OrThrow().Output);
    }

    [Fact]
    [Trait("finding", "key-file-readable")]
    public void What_is_written_wrong_is_found_and_a_report_names_nobody()
    {
        // One byte more than there is room for over IPv4.
        host.Write(
            Laboratory.ProviderFile,
            host.Read(Laboratory.ProviderFile)
                .Replace("[Interface]\n", "[Interface]\nMTU = 1441\n", StringComparison.Ordinal));
        host.Shell($"chmod 644 {Laboratory.ProviderFile}").OrThrow();
        Start();
        host.WaitForStatus();
        Assert.Equal(["mtu-too-large", "key-file-readable"], Codes(4));
        Assert.Equal(4, host.Product("doctor", "--report", Report).ExitCode);
        var report = host.Read(Report);
        Assert.Contains("mtu-too-large", report, StringComparison.Ordinal);
        string[] names =
        [
            "media", "wg0", "downloader", "provider.conf", $"{Addresses.Provider}", Addresses.UplinkName,
            host.Shell("hostname").OrThrow().Output.Trim(), host.Shell("ls /run/netns").OrThrow().Output.Trim(),
        ];
        Assert.All(names, name => Assert.DoesNotContain(name, report, StringComparison.Ordinal));
        Assert.Equal(4, host.Product("doctor", "--report", Report, "--with-names").ExitCode);
        Assert.Contains($"{Addresses.Provider}", host.Read(Report), StringComparison.Ordinal);
        Assert.Equal("600\n", host.Shell($"stat -c %a {Report}").OrThrow().Output);
    }

    [Theory]
    [Trait("finding", "mtu-too-large")]
    [InlineData(false, "echo requests")]
    [InlineData(true, "questions")]
    public void A_router_that_drops_large_packets_silently_is_seen_by_the_tunnels_own(bool isEchoIgnored, string asked)
    {
        Start();
        host.WaitForStatus();
        host.Laboratory.World.IgnoreEcho(isEchoIgnored);
        Assert.Equal([], Codes(0));
        host.Laboratory.World.NarrowWay(1400);
        var before = Settings();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(["mtu-too-large"], Codes(4));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, LabHost.Patience(15));
        Assert.Equal(before, Settings());

        // 1400 bytes have room for 1340, and WireGuard sends sizes of 16: 1328 of them pass.
        var said = Words(host.Product("doctor").Output);
        Assert.Contains($"{asked} to {Addresses.PinnedResolver} of up to 1328 bytes", said, StringComparison.Ordinal);
        Assert.Contains("Those of 1344 bytes and more were not", said, StringComparison.Ordinal);
        host.Write(
            Laboratory.ProviderFile,
            host.Read(Laboratory.ProviderFile)
                .Replace("[Interface]\n", "[Interface]\nMTU = 1328\n", StringComparison.Ordinal));
        Start();
        host.WaitForStatus();
        Assert.Equal([], Codes(0));
    }

    [Fact]
    [Trait("finding", "networkd-takes-link")]
    [Trait("finding", "not-working")]
    public void A_file_of_networkd_that_takes_every_link_is_found()
    {
        Start();
        host.WaitForStatus();
        host.StopWatching();
        host.Write(NetworkFile, "[Match]\nName=vh-*\n\n[Network]\nLinkLocalAddressing=no\n");
        Assert.Equal(["not-working"], Codes(4));
        host.Shell("systemctl unmask systemd-networkd.service && systemctl start systemd-networkd.service").OrThrow();
        Assert.Contains("networkd-takes-link", Codes(4));
    }

    [Fact]
    [Trait("finding", "no-answer")]
    public void A_wrong_key_is_no_answer_with_its_causes_in_order()
    {
        var text = host.Read(Laboratory.ProviderFile);
        var line = text.Split('\n').Single(l => l.StartsWith("PublicKey", StringComparison.Ordinal));
        host.Write(
            Laboratory.ProviderFile,
            text.Replace(line, "PublicKey = PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=", StringComparison.Ordinal));
        Start();
        Assert.Equal(["no-answer"], Codes(4));
        var said = Words(host.Product("doctor").Output);
        Assert.Contains(
            "1. the server, or its UDP port, is not reached; 2. the server does not know", said,
            StringComparison.Ordinal);
        Assert.Contains("cannot be told from here", said, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("finding", "packets-refused")]
    [InlineData("output", "packets-refused", "no-answer")]
    [InlineData("input", "no-answer", "no-answer")]
    public void A_firewall_that_drops_the_tunnels_packets_is_named(string hook, string userspace, string kernel)
    {
        host.Shell(
            $"nft 'table inet fence {{ chain {hook} {{ type filter hook {hook} priority 0; policy drop; "
            + "meta l4proto != udp accept; }; }'").OrThrow();
        Start();
        Assert.Equal([LabHost.HasKernelWireGuard ? kernel : userspace], Codes(4));
        Assert.Contains(
            $"policy in chain {hook} of table inet fence", Words(host.Product("doctor").Output),
            StringComparison.Ordinal);
    }

    [Fact]
    [Trait("finding", "no-route-to-endpoint")]
    public void An_endpoint_without_a_route_is_found()
    {
        Start();
        host.WaitForStatus();
        host.Shell("ip route del default").OrThrow();
        Assert.Contains("no-route-to-endpoint", Codes(4));
    }

    [Theory]
    [Trait("finding", "endpoint-over-tunnel")]
    [Trait("finding", "endpoint-is-this-host")]
    [InlineData(
        "endpoint-over-tunnel",
        "ip tuntap add dev outer mode tun && ip link set outer up && ip route add {0} dev outer",
        "ip link delete outer")]
    [InlineData("endpoint-is-this-host", "ip address add {0}/32 dev lo", "ip address delete {0}/32 dev lo")]
    public void An_endpoint_that_is_reached_another_way_is_found(string code, string plant, string unplant)
    {
        Start();
        host.WaitForStatus();
        try
        {
            host.Shell(plant.Replace("{0}", $"{Addresses.Provider}", StringComparison.Ordinal)).OrThrow();
            Assert.Contains(code, CodesIn(host.Product("doctor", "--json")));
        }
        finally
        {
            host.Shell(unplant.Replace("{0}", $"{Addresses.Provider}", StringComparison.Ordinal)).OrThrow();
        }
    }

    [Fact]
    [Trait("finding", "key-used-twice")]
    public void A_tunnel_of_the_host_with_the_same_key_is_found()
    {
        Start();
        host.WaitForStatus();
        try
        {
            host.Shell(
                (LabHost.HasKernelWireGuard
                    ? "ip link add second type wireguard"
                    : "WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD=1 wireguard-go second")
                + $" && sed -n 's/^PrivateKey = //p' {Laboratory.ProviderFile} | wg set second private-key /dev/stdin")
                .OrThrow();
            Assert.Equal(["key-used-twice"], Codes(4));
            Assert.Contains("second of the host", Words(host.Product("doctor").Output), StringComparison.Ordinal);
        }
        finally
        {
            host.Shell("ip link delete second").OrThrow();
        }
    }

    [Fact]
    [Trait("finding", "resolver-silent")]
    public void A_resolver_that_does_not_answer_is_found()
    {
        Start();
        host.WaitForStatus();
        var resolver = host.Laboratory.World.PinnedResolver;
        var answer = resolver.Answer;
        try
        {
            resolver.Answer = null;
            Assert.Equal(["resolver-silent"], Codes(4));
        }
        finally
        {
            resolver.Answer = answer;
        }
    }

    [Fact]
    [Trait("finding", "no-systemd")]
    public void Where_no_systemd_runs_it_says_so_and_looks_at_the_rest()
    {
        var result = host.Shell(
            $"unshare -m sh -c 'mount -t tmpfs none /run/systemd && exec {Laboratory.Product} doctor --json'");
        Assert.Equal(4, result.ExitCode);
        Assert.Equal(["no-systemd"], CodesIn(result));
        Assert.Contains("libnftables", result.Output, StringComparison.Ordinal);
    }

    private void Start()
    {
        host.Product("apply", "--no-wait").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
    }

    // What a measurement might leave behind; ages and counters aside.
    private string Settings() => host.Shell(
        "for n in $(ls /run/netns); do ip netns exec $n ip -o address; ip netns exec $n ip route show table all; "
        + "ip netns exec $n ip -o link; done; ip -o link; ip route show table all; ip rule").OrThrow().Output;

    private List<string> Codes(int status)
    {
        var result = host.Product("doctor", "--json");
        Assert.True(result.ExitCode == status, $"{result.ExitCode}: {result.Output}{result.Error}");
        return CodesIn(result);
    }

    // Lines are filled: a phrase may be on two.
    private static string Words(string text) =>
        string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static List<string> CodesIn(CommandResult result)
    {
        using var json = JsonDocument.Parse(result.Output);
        return [.. json.RootElement.GetProperty("findings").EnumerateArray()
            .Select(f => f.GetProperty("code").GetString()!)];
    }
}
