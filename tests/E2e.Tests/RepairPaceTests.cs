using System.Globalization;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What guards a namespace is loaded again by its watcher whatever the namespace's services do: an unprivileged one
/// with 1,200 processes that come and go, beside one that does nothing in a namespace of its own. Nothing is timed
/// here; bench/repair prints how long it takes.
/// </summary>
/// <param name="host">The machine.</param>
/// <param name="output">Takes the table.</param>
[Trait("guarantees", "S-25")]
public sealed class RepairPaceTests(BadHostFixture host, ITestOutputHelper output)
    : IClassFixture<BadHostFixture>, IDisposable
{
    private const int Processes = 1200;
    private const string RoundsVariable = "VPNC_REPAIR_ROUNDS";

    private const string Busy = """
        import os, random, time
        def more():
            pid = os.fork()
            if pid == 0:
                time.sleep(random.uniform(5, 15))
                os._exit(0)
        for i in range(1200):
            more()
        while True:
            os.wait()
            more()

        """;

    // Deletes a table and waits for it to be there again, by the kernel's own notices (linux/netfilter/nf_tables.h:
    // NFNLGRP_NFTABLES 7, NFT_MSG_NEWTABLE 0, NFT_MSG_DELTABLE 2). Prints milliseconds.
    private const string Measure = """
        import socket, struct, subprocess, sys, time
        notices = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
        notices.bind((0, 0))
        notices.setsockopt(270, 1, 7)
        notices.settimeout(60)
        nft = subprocess.Popen(["nft", "delete", "table", "inet", sys.argv[1]])
        gone = None
        while True:
            data, at = notices.recv(1 << 20), time.monotonic()
            while data:
                length, kind = struct.unpack_from("=IH", data)
                if sys.argv[1].encode() + b"\0" in data[:length]:
                    if kind == 0xa02:
                        gone = gone or at
                    elif kind == 0xa00 and gone:
                        print(1000 * (at - gone))
                        sys.exit(nft.wait())
                data = data[(length + 3) & ~3:]

        """;

    public void Dispose()
    {
        host.Reset();
        host.Shell("systemctl stop busy; rm -f /etc/systemd/system/busy.service; systemctl daemon-reload").OrThrow();
    }

    [Fact]
    public void The_processes_of_a_service_keep_nothing_that_guards_it_from_its_repair()
    {
        var key = Convert.ToBase64String(new byte[31].Append((byte)9).ToArray());
        host.Write("/root/measure.py", Measure);
        host.Write("/opt/busy", Busy);
        host.Write(
            "/etc/systemd/system/busy.service",
            "[Service]\nDynamicUser=yes\nTasksMax=infinity\nExecStart=python3 /opt/busy\n");
        host.Shell("umask 077; wg genkey > /etc/wireguard/second.key; systemctl daemon-reload").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config + $$"""
            [namespaces.second]
            wireguard.interface = "wg1"
            dns.servers = ["10.65.0.1"]
            publishToHost.tcp = [9092]

            [wireguard.interfaces.wg1]
            ips = ["10.65.0.2/32"]
            privateKeyFile = "/etc/wireguard/second.key"
            peers = [ { publicKey = "{{key}}", endpoint = "203.0.113.10:51999", allowedIPs = ["0.0.0.0/0"] } ]

            [services.busy.vpn]
            namespace = "second"

            """);
        host.Product("apply", "--no-wait").OrThrow();
        host.Shell("systemctl start downloader busy").OrThrow();
        var rounds = int.Parse(Environment.GetEnvironmentVariable(RoundsVariable) ?? "1", CultureInfo.InvariantCulture);
        var taken = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        for (var round = 0; round < rounds; round++)
        {
            // One that has seen no damage: ten repairs within a minute would be a contest, and put off. The services were
            // started in the rounds before, and systemd starts a unit five times in ten seconds.
            host.Shell("systemctl reset-failed; systemctl restart vpn-confinement-watch@media vpn-confinement-watch@second").OrThrow();
            foreach (var (ns, what) in ((string, string)[])[("media", "idle service"), ("second", "1,200 processes")])
            {
                WaitUntilWhole(ns);
                Take(taken, $"host table, {what}", Delete("", HostTable(ns)));
                WaitUntilWhole(ns);
                Take(taken, $"ruleset of the namespace, {what}", Delete($"nsenter --net=/run/netns/{ns} ", "vpnc"));
            }
        }

        output.WriteLine("| repaired after, ms | median | worst | rounds |\n| --- | --- | --- | --- |");
        foreach (var (what, times) in taken)
        {
            times.Sort();
            var (median, worst) = (times[times.Count / 2], times[^1]);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {what} | {median:0} | {worst:0} | {times.Count} |"));
        }
    }

    private static void Take(SortedDictionary<string, List<double>> taken, string what, double milliseconds)
    {
        taken.TryAdd(what, []);
        taken[what].Add(milliseconds);
    }

    private double Delete(string place, string table) => double.Parse(
        host.Shell($"{place}python3 /root/measure.py {table}").OrThrow().Output, CultureInfo.InvariantCulture);

    private string HostTable(string ns) => host.Shell(
        $"nft list tables | grep -o vpnc_host_$(sed -n 's/.*\"hostTable\": \"vpnc_host_\\(.*\\)\".*/\\1/p' "
            + $"/var/lib/vpn-confinement/namespaces/{ns}/plan.json)").OrThrow().Output.Trim();

    // A repair of the ruleset inside restarts the services; the watcher's look at their processes goes on meanwhile.
    private void WaitUntilWhole(string ns)
    {
        host.Laboratory.Machine.RequireUnit(ns == "media" ? "downloader.service" : "busy.service", "active");
        host.Laboratory.Machine.RequireUnit($"vpn-confinement-watch@{ns}.service", "active");
        host.WaitForStatus();
        Eventually.See(
            "all processes are there",
            () => host.Laboratory.Machine.ProcessesOf("busy.service").Count,
            count => count >= Processes);
    }
}
