using System.Net;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// The network daemons that hosts have, beside two namespaces: told of our links they change nothing on them, whether
/// they are started before us, after us, anew or at boot. Untold, nothing gets out by what they do, and what they do
/// again after each repair is not fought for ever.
/// </summary>
/// <param name="output">Takes what each did.</param>
[Trait("guarantees", "S-13 S-36")]
public sealed class NetworkDaemonTests(ITestOutputHelper output)
{
    private const string Address = "169.254.77.6";
    private const string OtherAddress = "169.254.77.10";
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(15);

    public static TheoryData<string> Names { get; } = [.. NetworkDaemon.All.Select(daemon => daemon.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Told_of_the_links_it_leaves_them_alone_and_untold_it_opens_nothing(string name)
    {
        var daemon = NetworkDaemon.All.Single(one => one.Name == name);
        using var host = new BadHostFixture(isShared: true);
        daemon.Prepare(host);
        Confine(host, daemon);
        Require(host, daemon, "it is started before the namespaces", () => { });
        host.Shell($"systemctl stop {daemon.Unit}").OrThrow();
        Require(host, daemon, "it is started after them", () => daemon.Restart(host));
        Require(host, daemon, "it is started anew", () => daemon.Restart(host));
        if (daemon.OwnFile is not null)
        {
            host.Shell($"systemctl add-wants {MachineImage.Target} {daemon.Unit}; systemctl reboot").OrThrow();
            host.Laboratory.Machine.WaitForEnd();
            host.Laboratory.BootAgain();
            host.Laboratory.Machine.RequireUnit(daemon.Unit, "active");
            host.Shell("systemctl start ordinary downloader other").OrThrow();
            RequireWhole(host);
            Require(host, daemon, "it is there from boot", () => { });
        }

        Untold(host, daemon);
    }

    // The daemon runs by the time that the links are made.
    private static void Confine(BadHostFixture host, NetworkDaemon daemon)
    {
        var key = Convert.ToBase64String(new byte[31].Append((byte)9).ToArray());
        host.Write("/etc/systemd/system/other.service", "[Service]\nDynamicUser=yes\nExecStart=/bin/sleep infinity\n");
        host.Shell("umask 077; wg genkey > /etc/wireguard/second.key; systemctl daemon-reload").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config.Replace(
            "publishToHost.tcp = [9091]",
            "publishToHost.tcp = [9091]\n"
                + "hostLink = { hostIf = \"vh-media\", nsIf = \"vn-media\", subnetIPv4 = \"169.254.77.4/30\" }",
            StringComparison.Ordinal) + $$"""
            [namespaces.second]
            wireguard.interface = "wg1"
            dns.servers = ["10.65.0.1"]
            publishToHost.tcp = [9092]
            hostLink = { hostIf = "vh-second", nsIf = "vn-second", subnetIPv4 = "169.254.77.8/30" }

            [wireguard.interfaces.wg1]
            ips = ["10.65.0.2/32"]
            privateKeyFile = "/etc/wireguard/second.key"
            peers = [ { publicKey = "{{key}}", endpoint = "203.0.113.10:51999", allowedIPs = ["0.0.0.0/0"] } ]

            [services.other.vpn]
            namespace = "second"

            """);
        daemon.Restart(host);
        var applied = host.Product("apply", "--no-wait").OrThrow();
        if (daemon.OwnFile is not null)
        {
            // It reads the file when it starts, and the links that it had by then are its own.
            var said = $"{daemon.Unit} reads {daemon.OwnFile} when it starts next";
            Assert.Contains(said, applied.Error, StringComparison.Ordinal);
            daemon.Restart(host);
        }

        host.Shell("systemctl start ordinary downloader other").OrThrow();
        RequireWhole(host);
    }

    private void Require(BadHostFixture host, NetworkDaemon daemon, string what, Action change)
    {
        var longest = Observe(host, change, out var changes);
        var seen = string.Join("\n", changes);
        output.WriteLine($"{daemon} told, {what}: {longest.TotalSeconds:0.0} s\n{seen}");
        Assert.Equal("active", host.Laboratory.Machine.UnitState(daemon.Unit));
        Assert.True(longest < LabHost.Patience(1), $"{daemon}, {what}, changed the links for {longest}:\n{seen}");
        RequireWhole(host);
    }

    private void Untold(BadHostFixture host, NetworkDaemon daemon)
    {
        var began = host.Now();
        daemon.Untell(host);
        var longest = Observe(host, () => daemon.Restart(host), out var changes);
        var damaged = host.Entries("damaged", began);
        output.WriteLine(
            $"{daemon} untold: {longest.TotalSeconds:0.0} s\n{string.Join("\n", changes)}\n{damaged}"
                + $"\n{host.Entries("contested", began)}\n{host.Product("status").Output}"
                + $"\n{host.Shell("ip address; ip route; ip rule").Output}");

        // What is repaired at once is often gone before it is looked at.
        Assert.True(
            changes.Count > 0 || damaged.Length > 0, $"{daemon} leaves the links alone although nothing tells it to");
        RequireReached(host);
        if (host.Entries("contested", began).Length == 0)
        {
            // Within a second where the machine has nothing else to do.
            Assert.True(longest < LabHost.Patience(3), $"not repaired for {longest}, and nobody goes on");
        }
        else
        {
            // Ten rounds, then seldom, and nothing more is said of them.
            host.WaitForStatus(4, "degraded: host end changed again after each repair");
            damaged = host.Entries("damaged", began);
            Assert.True(damaged.Split('\n').Length <= 12, damaged);
            Thread.Sleep(TimeSpan.FromSeconds(4));
            Assert.Equal(damaged, host.Entries("damaged", began));
        }

        host.Shell($"systemctl stop {daemon.Unit}").OrThrow();
        host.Product("apply", "--no-wait").OrThrow();
        RequireWhole(host);
    }

    // The confined service is heard in the tunnel, and nothing but the tunnel on the uplink.
    private static TimeSpan Observe(BadHostFixture host, Action change, out IReadOnlyList<string> changes)
    {
        var samples = LinkSamples.Begin(host);
        var watch = UplinkWatch.Begin(host.Laboratory);
        change();
        host.Laboratory.Downloader.GetInTime(Addresses.Web);
        Thread.Sleep(Stretch);
        host.Laboratory.Downloader.GetInTime(Addresses.Web);
        var verdict = watch.EndWithTunnelOnly("beside a network daemon");
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
        return samples.End(out changes);
    }

    private static void RequireWhole(BadHostFixture host)
    {
        host.WaitForStatus();
        RequireReached(host);
    }

    private static void RequireReached(BadHostFixture host)
    {
        host.Laboratory.Downloader.Listen(Laboratory.PublishedPort);
        var reply = host.Laboratory.Ordinary.ConnectInTime(IPAddress.Parse(Address), Laboratory.PublishedPort);
        Assert.True(reply.Ok, $"the published port is not reached: {reply.Error}");

        // Nobody listens there, which its own namespace says, and no other. While a daemon takes the /30 route away, and
        // until it is back, the host says that there is no way.
        Eventually.See(
            "the other namespace refuses",
            () => host.Laboratory.Ordinary.Connect(IPAddress.Parse(OtherAddress), 9092).Error,
            error => error == "ECONNREFUSED");
    }
}
