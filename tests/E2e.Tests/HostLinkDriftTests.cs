namespace VpnConfinement.E2e.Tests;

/// <summary>
/// Whatever is done to the host link, to what belongs to it on the host, or to the loopback and the environment file of
/// its namespace: 'status' and 'plan' name it, 'apply' repairs it where no watcher runs, and the watcher where it does.
/// No service is restarted for it.
/// </summary>
[Trait("guarantees", "S-25 S-32 S-36")]
[Collection("lab")]
public sealed class HostLinkDriftTests(PartsMachine machine) : IClassFixture<PartsMachine>
{
    private const string HostEnd = PartsMachine.HostEnd;
    private const string Inside = "nsenter --net=/run/netns/media -- ";
    private const string InnerEnd = PartsMachine.InnerEnd;
    private const string HostTable = "$(nft list tables | grep -o 'vpnc_host_.*')";
    private const string PinTable = "$(nft list tables | grep -o 'vpnc_endpoint_pin_.*')";
    private const string Environment = "/run/vpn-confinement/media.env";

    /// <summary>Part (as docs/security.md names it), damage, how it is done, and what is said of it.</summary>
    public static TheoryData<string, string, string, string> Damages { get; } = new()
    {
        { "host end", "absent", $"ip link del {HostEnd}", $"the host's end {HostEnd} of the host link is gone" },
        { "host end", "altered", $"ip link set {HostEnd} down", $"{HostEnd} of the host link is down" },
        { "host end", "altered", $"ip link set {HostEnd} name vh-away", "is called vh-away" },
        { "host end", "altered", $"ip link add elsewhere type bridge; ip link set {HostEnd} master elsewhere", "is a port of elsewhere" },
        { "host end", "altered", $"ip link set {HostEnd} mtu 1280", "has the MTU 1280" },
        { "host end", "altered", $"ip link set {HostEnd} address 02:00:00:00:00:09", "has another hardware address" },
        { "host end", "altered", $"ip link set {HostEnd} addrgenmode eui64", "makes IPv6 addresses by itself" },
        { "host end", "altered", $"ip address flush dev {HostEnd}", "has not the address 169.254.77.5/30" },
        { "host end", "altered", $"ip route del 169.254.77.4/30 dev {HostEnd}", "has no route to 169.254.77.4/30" },
        { "host end", "added", $"ip address add 169.254.99.7/16 dev {HostEnd}", "has the address 169.254.99.7/16" },
        { "host end", "added", $"ip route add 198.51.100.0/24 dev {HostEnd} metric 1004", "has the route to 198.51.100.0/24" },
        { "host end", "added", $"ip route add default dev {HostEnd} table 77", "has the route to 0.0.0.0/0 (table 77)" },
        { "namespace end", "absent", $"{Inside}ip link del {InnerEnd}", "of the host link is gone" },
        { "namespace end", "altered", $"{Inside}ip link set {InnerEnd} down", $"{InnerEnd} of the host link is down" },
        { "namespace end", "altered", $"{Inside}ip link set {InnerEnd} name vn-away", "is called vn-away" },
        { "namespace end", "altered", $"{Inside}ip link set {InnerEnd} mtu 1280", "has the MTU 1280" },
        { "namespace end", "altered", $"{Inside}ip address flush dev {InnerEnd}", "has not the address 169.254.77.6/30" },
        { "namespace end", "altered", $"{Inside}ip route del 169.254.77.4/30 dev {InnerEnd}", "has no route to 169.254.77.4/30" },
        { "namespace end", "added", $"{Inside}ip address add 192.168.7.7/24 dev {InnerEnd}", "has the address 192.168.7.7/24" },
        { "namespace end", "added", $"{Inside}ip route add 198.51.100.0/24 dev {InnerEnd}", "has the route to 198.51.100.0/24" },
        { "link filters", "absent", $"tc qdisc del dev {HostEnd} clsact", "does not run its filters" },
        { "link filters", "altered", $"tc filter replace dev {HostEnd} ingress prio 1 protocol all handle 1 bpf da bytecode '1,6 0 0 0'", "does not run its filters" },
        { "link filters", "added", $"tc filter add dev {HostEnd} ingress prio 1 protocol all handle 2 bpf da bytecode '1,6 0 0 0'", "does not run its filters" },
        { "link settings", "altered", $"echo 1 > /proc/sys/net/ipv4/conf/{HostEnd}/forwarding", $"the kernel setting ipv4/conf/{HostEnd}/forwarding" },
        { "loopback", "altered", $"{Inside}ip link set lo down", "the loopback of namespace media is down" },
        { "loopback", "absent", $"{Inside}ip address flush dev lo", "the loopback of namespace media has not the address 127.0.0.1/8" },
        { "loopback", "added", $"{Inside}ip address add 10.99.0.1/32 dev lo", "the loopback of namespace media has the address 10.99.0.1/32" },
        { "environment file", "absent", $"rm {Environment}", $"{Environment} is missing" },
        { "environment file", "altered", $"sed -i s/media/other/ {Environment}", $"{Environment} is not as it was written" },
        { "environment file", "added", $"echo VPN_INTERFACE=eth0 >> {Environment}", $"{Environment} is not as it was written" },
        { "host rules", "absent", "ip rule del pref 1; ip -6 rule del pref 1", $"the host's routing rule that lets nothing be forwarded from {HostEnd} is gone" },
        { "host route", "absent", "ip route flush type unreachable", "the host's unreachable route to 169.254.77.4/30 is gone" },
        { "host table", "absent", $"nft delete table inet {HostTable}", "on the host is not the one that was loaded" },
        { "host table", "altered", $"nft flush chain inet {HostTable} forward", "on the host is not the one that was loaded" },
        { "host table", "added", $"nft insert rule inet {HostTable} forward accept", "on the host is not the one that was loaded" },
        { "namespace settings", "altered", $"{Inside}sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'", "the kernel setting ipv4/ip_forward in namespace media" },
        { "endpoint pinning", "absent", $"nft delete table inet {PinTable}", "the endpoints of namespace media are not pinned as they were" },
        { "endpoint pinning", "altered", $"nft flush table inet {PinTable}", "the endpoints of namespace media are not pinned as they were" },
        { "endpoint pinning", "added", $"nft insert rule inet {PinTable} output accept", "the endpoints of namespace media are not pinned as they were" },
        { "host table", "absent", "nft flush ruleset", "on the host is not the one that was loaded" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void It_is_named_and_apply_repairs_it_under_the_running_service(
        string part, string damage, string change, string said)
    {
        machine.BeginUnwatched();
        var run = machine.Invocation();
        try
        {
            machine.Host.Shell(change).OrThrow();
            machine.Host.RequireNamed(said);
            Assert.Contains("repairing: ", machine.Host.Product("apply").OrThrow().Error, StringComparison.Ordinal);
            machine.Host.RequireWhole();
            machine.RequireReached();
            Assert.True(run == machine.Invocation(), $"the service was restarted for {part} ({damage})");
        }
        finally
        {
            machine.Host.Shell("ip link del elsewhere 2>/dev/null || true").OrThrow();
        }
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void The_watcher_repairs_it_under_the_running_service(string part, string damage, string change, string said)
    {
        machine.BeginWatched();
        var (run, began) = (machine.Invocation(), machine.Host.Now());
        try
        {
            machine.Host.Shell(change).OrThrow();
            machine.Host.WaitForEntry("repaired", began);
            Assert.Contains(said, machine.Host.Entries("damaged", began), StringComparison.Ordinal);
            machine.Host.WaitUntilWhole();
            machine.RequireReached();
            Assert.True(run == machine.Invocation(), $"the service was restarted for {part} ({damage})");
        }
        finally
        {
            machine.Host.Shell("ip link del elsewhere 2>/dev/null || true").OrThrow();
        }
    }
}
