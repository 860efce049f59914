using System.Diagnostics;
using System.Globalization;
using System.Text;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>Many namespaces on one host, each with a tunnel, a host link and a running service, one of them with ten thousand allowed prefixes.</summary>
public sealed class ManyNamespacesTests(BadHostFixture host, ITestOutputHelper output) : IClassFixture<BadHostFixture>, IDisposable
{
    private const int Cidrs = 10_000;
    private static readonly TimeSpan Patience = LabHost.Patience(600);

    // bench/many-namespaces sets them to more.
    private static readonly int Count = Setting("VPNC_NAMESPACES", 40);
    private static readonly int ServicesEach = Setting("VPNC_SERVICES", 1);

    public void Dispose()
    {
        Timed("remove", "remove --allow-unconfine");
        host.Shell("systemctl stop 'app*.service'; rm -f /etc/systemd/system/app*.service; rm -rf /etc/systemd/system/app*.service.d; systemctl daemon-reload").OrThrow();
        host.Reset();
    }

    [Fact]
    public void They_are_applied_and_every_service_is_confined()
    {
        host.Shell("umask 077; wg genkey > /etc/wireguard/all.key").OrThrow();
        for (var i = 0; i < Count * ServicesEach; i++)
        {
            host.Write($"/etc/systemd/system/app{i}.service", "[Service]\nType=exec\nDynamicUser=yes\nExecStart=/bin/sleep infinity\n");
        }

        host.Shell("systemctl daemon-reload; systemctl start $(seq -f 'app%.0f' 0 " + ((Count * ServicesEach) - 1).ToString(CultureInfo.InvariantCulture) + ")").OrThrow();
        host.Write(Laboratory.ConfigFile, Config());

        Timed("check", "check");
        Timed("apply", "apply --no-wait");
        Timed("apply of nothing", "apply --no-wait");
        Timed("plan", "plan");
        Timed("status", "status");
        var places = Places();
        var starts = Starts();
        Assert.Equal(Count * ServicesEach, places.Length);
        Assert.Equal(Count, places.Distinct().Count());
        Assert.DoesNotContain(host.Shell("readlink /proc/1/ns/net").Output.Trim(), places);

        // The endpoint's port of the last namespace.
        host.Write(Laboratory.ConfigFile, Config(lastPort: 51821));
        Timed("apply of one changed option", "apply --no-wait");
        Assert.Equal(starts, Starts());
    }

    private static int Setting(string name, int otherwise) => Environment.GetEnvironmentVariable(name) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    private string Starts() => host.Shell("cd /run/systemd/units; for i in invocation:app*.service; do echo $i $(readlink $i); done").Output;

    private string[] Places() =>
        host.Shell("for i in $(systemctl show -p MainPID --value 'app*.service' | grep .); do readlink /proc/$i/ns/net; done").Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // In the background of the machine: what takes longer than the patience with one command is the measurement here, not a failure.
    private void Timed(string what, string verb)
    {
        var clock = Stopwatch.StartNew();
        host.Shell($"rm -f /tmp/many.status; (vpn-confinement {verb} > /tmp/many.log 2>&1; echo $? > /tmp/many.status) < /dev/null > /dev/null 2>&1 &").OrThrow();
        while (host.Shell("test -s /tmp/many.status").ExitCode != 0 && clock.Elapsed < Patience)
        {
            Thread.Sleep(100);
        }

        var status = host.Shell("cat /tmp/many.status").Output.Trim();
        output.WriteLine($"{what} of {Count} namespaces with {Count * ServicesEach} services: {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(status == "0", $"{what}: {status}: {host.Read("/tmp/many.log")}");
    }

    private static string Config(int lastPort = 51820)
    {
        var text = new StringBuilder();
        for (var i = 0; i < Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                [namespaces.ns{{i}}]
                wireguard.interface = "wg{{i}}"
                dns.servers = ["10.64.0.1"]
                publishToHost.tcp = [9091]
                hostLink.subnetIPv4 = "169.254.{{1 + (i / 64)}}.{{i % 64 * 4}}/30"
                {{(i == 0 ? Egress() : "")}}

                [wireguard.interfaces.wg{{i}}]
                ips = ["10.64.0.2/32"]
                privateKeyFile = "/etc/wireguard/all.key"
                peers = [ { publicKey = "{{Convert.ToBase64String([.. new byte[31], 1])}}", allowedIPs = ["0.0.0.0/0"], endpoint = "203.0.113.10:{{(i == Count - 1 ? lastPort : 51820)}}" } ]


                """);
            for (var service = 0; service < ServicesEach; service++)
            {
                text.Append(CultureInfo.InvariantCulture, $"[services.app{(i * ServicesEach) + service}.vpn]\nnamespace = \"ns{i}\"\n\n");
            }
        }

        return text.ToString();
    }

    // Prefixes with gaps between them, so that none can be merged away.
    private static string Egress() =>
        "egress.mode = \"allowList\"\negress.allowedCidrs = [" + string.Join(", ", Enumerable.Range(0, Cidrs).Select(c => $"\"100.{64 + (c >> 12)}.{(c >> 4) & 255}.{(c & 15) * 16}/29\"")) + "]";
}
