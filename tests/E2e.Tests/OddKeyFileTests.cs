using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>A key file that is no file holds nothing up: no start of a tunnel, no lock and no command.</summary>
[Trait("guarantees", "S-38")]
public sealed class OddKeyFileTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Key = "/etc/wireguard/own.key";
    private const string Inside = "nsenter --net=/run/netns/media";
    private const int TimedOut = 124;

    private readonly Laboratory _laboratory = host.Laboratory;

    public void Dispose()
    {
        host.Reset();
        host.Shell($"systemctl stop ordinary; rm -rf {Key}").OrThrow();
    }

    [Theory]
    [InlineData("mkfifo KEY", "it is a named pipe (FIFO), not a regular file", 1)]
    [InlineData("ln -s /dev/zero KEY", "it is a character device, not a regular file", 1)]
    [InlineData("mkfifo /etc/wireguard/pipe; ln -sf /etc/wireguard/pipe KEY", "it is a named pipe (FIFO), not a regular file", 1)]
    [InlineData("truncate -s 2G KEY", "it is larger than 4096 bytes, the most that such a file may have", 3)]
    public void The_tunnel_fails_at_once_blocked_and_comes_up_with_the_file(string make, string reason, int applyStatus)
    {
        Configure();
        host.Shell("systemctl start downloader ordinary").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_laboratory.Downloader.GetInTime(Addresses.Web)}");

        // While the tunnel is up: nothing waits, and what runs goes on.
        host.Shell($"mv {Key} {Key}.kept; rm -f /etc/wireguard/pipe").OrThrow();
        host.Shell(make.Replace("KEY", Key, StringComparison.Ordinal)).OrThrow();
        Assert.Equal(applyStatus, Timed("apply").ExitCode);
        Assert.Contains(reason, Timed("apply").Error, StringComparison.Ordinal);
        var status = Timed("status");
        Assert.NotEqual(0, status.ExitCode);
        Assert.Contains(reason, status.Output, StringComparison.Ordinal);
        Assert.Equal($"{Addresses.Provider}", $"{_laboratory.Downloader.GetInTime(Addresses.Web)}");

        // With the namespace up and no tunnel.
        host.Shell("systemctl stop downloader").OrThrow();
        _laboratory.Machine.RequireUnit("vpn-confinement-netns@media.service", "inactive");
        Timed("netns up media").OrThrow();
        var web = $"(\"{Addresses.Web}\", 80)";
        var watch = UplinkWatch.Begin(_laboratory);
        var up = Timed("wireguard up media");
        Assert.Equal(3, up.ExitCode);
        Assert.Contains($"the private key file {Key} is no key file: {reason}", up.Error, StringComparison.Ordinal);
        Assert.Contains("namespace media is kept, blocked", up.Error, StringComparison.Ordinal);
        Assert.Contains("put a file there that holds one key in base64", up.Error, StringComparison.Ordinal);
        host.Shell("flock -n /run/vpn-confinement/media.lock true").OrThrow();
        Assert.DoesNotContain("wg0", host.Shell($"{Inside} ip -o link").OrThrow().Output, StringComparison.Ordinal);
        Assert.False(host.Shell($"{Inside} python3 -c 'import socket; socket.create_connection({web}, 3)'").Succeeded);

        var start = host.Shell("timeout 30 systemctl start downloader");
        Assert.True(start.ExitCode is not (0 or TimedOut), start.Error);
        Assert.Contains(reason, host.Shell("journalctl -q -o cat -u wireguard-wg0").Output, StringComparison.Ordinal);
        Assert.NotEqual("active", _laboratory.Machine.UnitState("downloader.service"));
        Assert.Empty(watch.EndStray());

        // The file is back: the next run repairs.
        host.Shell($"rm {Key}; mv {Key}.kept {Key}; systemctl reset-failed; timeout 30 systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Provider}", $"{_laboratory.Downloader.GetInTime(Addresses.Web)}");
        Assert.Equal(0, Timed("status").ExitCode);
    }

    private CommandResult Timed(string arguments)
    {
        var result = host.Shell($"timeout 30 {Laboratory.Product} {arguments}");
        Assert.NotEqual(TimedOut, result.ExitCode);
        return result;
    }

    private void Configure()
    {
        var file = _laboratory.World.Provider.CustomerFile.Split('\n').Select(l => l.Split(" = "))
            .Where(p => p.Length == 2).ToDictionary(p => p[0].Trim(), p => p[1].Trim());
        host.Write(Key, file["PrivateKey"] + "\n");
        host.Shell($"chmod 600 {Key}").OrThrow();
        host.Write(Laboratory.ConfigFile, $$"""
            [namespaces.media]
            dns.servers = ["{{file["DNS"]}}"]
            publishToHost.tcp = [{{Laboratory.PublishedPort}}]
            [wireguard.interfaces.wg0]
            ips = ["{{Addresses.TunnelAddress}}/32"]
            privateKeyFile = "{{Key}}"
            [[wireguard.interfaces.wg0.peers]]
            publicKey = "{{file["PublicKey"]}}"
            endpoint = "{{file["Endpoint"]}}"
            allowedIPs = ["0.0.0.0/0"]
            [services.downloader.vpn]
            namespace = "media"
            """);
        host.Product("apply").OrThrow();
    }
}
