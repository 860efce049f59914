using System.Globalization;
using System.Text.Json;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What <c>metrics</c> says of a machine, as promtool checks it and as the real node_exporter reads it. Both are
/// unpacked into the machine (eng/prepare downloads them).
/// </summary>
public sealed class MetricsTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Folder = "/var/lib/prometheus/node-exporter";
    private const string File = Folder + "/vpn-confinement.prom";
    private const string Exporter = "/usr/bin/prometheus-node-exporter";

    // As a scrape does it; curl is not everywhere.
    private const string Scrape =
        "timeout 30 bash -c 'exec 3<>/dev/tcp/127.0.0.1/9100; printf \"GET /metrics HTTP/1.0\\r\\n\\r\\n\" >&3; cat "
        + "<&3'";

    private static readonly string[] Units = ["vpn-confinement-metrics.service", "vpn-confinement-metrics.timer"];

    public void Dispose()
    {
        host.Shell(
            $"systemctl stop exporter {string.Join(' ', Units)} 2>/dev/null; "
            + $"rm -rf /var/lib/prometheus /usr/bin/promtool {Exporter} "
            + $"{string.Join(' ', Units.Select(u => $"/etc/systemd/system/{u}"))}; "
            + "systemctl daemon-reload; systemctl reset-failed").OrThrow();
        host.Reset();
    }

    [Fact]
    public void They_are_what_status_sees()
    {
        Assert.Equal(["vpn_confinement_info{version=\"0.1.0\"} 1"], Samples(host.Product("metrics").OrThrow().Output));
        host.Write(
            "/etc/vpn-confinement/config.toml",
            host.Config + "\n[[namespaces.media.publish]]\nlisten = \"127.0.0.1:8080\"\nto = 9091\n");
        host.Product("apply").OrThrow();
        Assert.Contains(
            "vpn_confinement_namespace_up{namespace=\"media\"} 0", Samples(host.Product("metrics").OrThrow().Output));

        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        host.WaitForStatus();
        using var status = JsonDocument.Parse(host.Product("status", "--json").OrThrow().Output);
        var samples = Samples(host.Product("metrics").OrThrow().Output);
        var tunnel = status.RootElement.GetProperty("namespaces")[0].GetProperty("tunnel");
        var handshake = tunnel.GetProperty("latestHandshake").GetDateTimeOffset().ToUnixTimeMilliseconds() / 1000.0;
        var peer = $"namespace=\"media\",interface=\"{tunnel.GetProperty("interface").GetString()}\",public_key=\"";
        var told = Assert.Single(
            samples,
            s =>
                s.StartsWith(
                    $"vpn_confinement_peer_latest_handshake_timestamp_seconds{{{peer}", StringComparison.Ordinal));
        Assert.Equal(handshake, Value(told), 1.0);
        Assert.InRange((DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0) - Value(told), 0, 300);
        Assert.True(
            Value(
                samples.Single(
                    s =>
                        s.StartsWith(
                            $"vpn_confinement_peer_received_bytes_total{{{peer}", StringComparison.Ordinal))) > 0);
        Assert.All(
            (string[])[
                "vpn_confinement_namespace_up{namespace=\"media\"} 1",
                "vpn_confinement_ruleset_intact{namespace=\"media\"} 1",
                "vpn_confinement_watcher_running{namespace=\"media\"} 1",
                "vpn_confinement_drifted_parts{namespace=\"media\"} 0",
                "vpn_confinement_refused_packets_total{namespace=\"media\",reason=\"dns\"} 0",
                "vpn_confinement_state"
                + "{kind=\"service\",namespace=\"media\",name=\"downloader.service\",state=\"working\"} 1",
                "vpn_confinement_published_port_listening{namespace=\"media\","
                + "socket=\"vpn-confinement-publish-media-9091.socket\",listen=\"127.0.0.1:8080\"} 1",
            ],
            line => Assert.Contains(line, samples));

        // What is seen of a fault.
        host.StopWatching();
        host.Shell("nsenter --net=/run/netns/media ip link set lo down").OrThrow();
        Assert.Contains(
            "vpn_confinement_drifted_parts{namespace=\"media\"} 1", Samples(host.Product("metrics").OrThrow().Output));
        Assert.Contains(
            "vpn_confinement_watcher_running{namespace=\"media\"} 0",
            Samples(host.Product("metrics").OrThrow().Output));
    }

    [Fact]
    public void The_timer_writes_the_file_and_the_real_exporter_shows_it()
    {
        Unpack();
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.WaitForStatus();
        foreach (var unit in Units)
        {
            host.Write(
                $"/etc/systemd/system/{unit}",
                System.IO.File.ReadAllText(Path.Combine(Repository(), "examples", unit)));
        }

        host.Shell($"mkdir -p {Folder}; systemctl daemon-reload; systemctl start vpn-confinement-metrics.timer")
            .OrThrow();
        Eventually.Holds(
            "the timer has written the file", () => host.Shell($"test -s {File}").Succeeded,
            () => host.Laboratory.Machine.Told(Units));
        Assert.Equal("644\n", host.Shell($"stat -c %a {File}").OrThrow().Output);
        Assert.Equal("vpn-confinement.prom\n", host.Shell($"ls -A {Folder}").OrThrow().Output);
        Assert.Equal("", host.Shell($"promtool check metrics < {File}").OrThrow().Output);

        // The units are nothing that 'apply' or 'status' would take for its own.
        host.WaitForStatus();
        host.Shell(
            $"systemd-run --quiet --unit=exporter {Exporter} --collector.disable-defaults --collector.textfile "
            + $"--collector.textfile.directory={Folder} --web.listen-address=127.0.0.1:9100 "
            + "--web.disable-exporter-metrics").OrThrow();
        var scraped = Eventually.See(
            "the exporter answers", () => host.Shell(Scrape).Output,
            text => text.Contains("200 OK", StringComparison.Ordinal), () => host.Laboratory.Machine.Told("exporter"));
        Assert.Contains("\nnode_textfile_scrape_error 0\n", scraped, StringComparison.Ordinal);
        Assert.Contains("\nvpn_confinement_namespace_up{namespace=\"media\"} 1\n", scraped, StringComparison.Ordinal);
        Assert.Contains($"\nnode_textfile_mtime_seconds{{file=\"{File}\"}} ", scraped, StringComparison.Ordinal);

        // Again after the next tick, and whole.
        host.Shell($"rm {File}").OrThrow();
        Eventually.Holds(
            "the timer has written it again", () => host.Shell($"test -s {File}").Succeeded,
            patience: LabHost.Patience(90));
        Assert.Equal("", host.Shell($"promtool check metrics < {File}").OrThrow().Output);
    }

    /// <summary>A control: promtool says something of a text that is wrong.</summary>
    [Fact]
    public void Promtool_sees_a_wrong_text()
    {
        Unpack();
        Assert.False(host.Shell("printf 'vpn{a=\"1\"} 1\\nvpn{a=\"1\"} 2\\n' | promtool check metrics").Succeeded);
    }

    private static List<string> Samples(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith('#'))];

    private static double Value(string sample) => double.Parse(sample.Split("} ")[1], CultureInfo.InvariantCulture);

    private void Unpack()
    {
        var packages =
            Path.Combine(Path.GetDirectoryName(Environment.GetEnvironmentVariable("VPNC_BINARY"))!, "../prometheus");
        Command.Run("/bin/sh", "-ec", $"""
            for p in {packages}/prometheus_*.deb {packages}/prometheus-node-exporter_*.deb; do
                dpkg-deb --fsys-tarfile "$p" |
                    tar -x -C {host.Laboratory.Machine.Root} --keep-directory-symlink --wildcards './usr/bin/prom*'
            done
            rm {host.Laboratory.Machine.Root}/usr/bin/prometheus
            """).OrThrow();
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "VpnConfinement.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the sources are not there");
    }
}
