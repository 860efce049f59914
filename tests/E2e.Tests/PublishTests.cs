using System.Net.Sockets;
using System.Text;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>Published ports: who reaches them, what carries them, and that nothing else comes of them.</summary>
[Trait("guarantees", "S-16")]
public sealed class PublishTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system";
    private const string Port = "vpn-confinement-publish-media-9091";
    private const string UnixPath = "/run/published/media.sock";

    // Reads what a port of this machine says, and fails when it says nothing within half a minute.
    private const string ReadLocal = "timeout 30 bash -c 'exec 3<>/dev/tcp/127.0.0.1/8080; head -c 5 <&3'";

    public void Dispose() => host.Reset();

    [Fact]
    public void The_host_the_world_and_a_reverse_proxy_reach_the_service_without_a_link_between_the_networks()
    {
        Start();
        Assert.Equal("hello", host.Shell(ReadLocal).OrThrow().Output);
        Assert.Equal("hello", host.Shell(ReadLocal.Replace("127.0.0.1/8080", "::1/8081", StringComparison.Ordinal)).OrThrow().Output);
        Assert.Equal("hello", ReadUnix());
        Assert.Equal("666", host.Shell($"stat -c %a {UnixPath}").OrThrow().Output.Trim());
        Assert.Null(host.Laboratory.ConnectFromWorld(Addresses.Machine, 8082));
        Assert.NotNull(host.Laboratory.ConnectFromWorld(Addresses.Machine, 8080));
        Assert.DoesNotContain("vh-", host.Shell("ip -o link").OrThrow().Output, StringComparison.Ordinal);
        var status = host.Product("status");
        Assert.True(status.ExitCode == 0, status.Output + status.Error);
    }

    [Fact]
    public void The_forwarder_is_in_the_namespace_without_privileges_and_the_service_never_holds_the_hosts_socket()
    {
        Start();
        host.Shell(ReadLocal).OrThrow();
        var netns = host.Shell("stat -L -c %i /run/netns/media").OrThrow().Output.Trim();
        var pid = host.Shell($"systemctl show -p MainPID --value {Port}.service").OrThrow().Output.Trim();
        Assert.Equal($"net:[{netns}]", host.Shell($"readlink /proc/{pid}/ns/net").OrThrow().Output.Trim());
        Assert.Matches("CapBnd:\\s+0{16}\n", host.Shell($"grep CapBnd /proc/{pid}/status").OrThrow().Output);
        Assert.NotEqual("0", host.Shell($"stat -c %u /proc/{pid}").OrThrow().Output.Trim());

        // The host's listening socket by its inode: process 1 and the forwarder have it, nobody else.
        var inode = host.Shell("awk '$2 == \"0100007F:1F90\" && $4 == \"0A\" { print $10 }' /proc/net/tcp").OrThrow().Output.Trim();
        Assert.Matches("^[1-9][0-9]*$", inode);
        var holders = host.Shell($"for p in /proc/[0-9]*; do ls -l $p/fd 2>/dev/null | grep -qF 'socket:[{inode}]' && echo ${{p#/proc/}}; done; true").OrThrow().Output;
        Assert.Equal(["1", pid], holders.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToList());
    }

    [Fact]
    public void Without_the_service_a_caller_is_turned_away_at_once_and_the_namespace_does_not_stay()
    {
        Apply();
        Directory.CreateDirectory($"{host.Laboratory.Machine.Root}{Units}/{Port}.service.d");
        host.Write($"{Units}/{Port}.service.d/10-soon.conf", "[Service]\nExecStart=\nExecStart=/usr/lib/systemd/systemd-socket-proxyd --exit-idle-time=1s 127.0.0.1:9091\n");
        host.Shell("systemctl daemon-reload").OrThrow();
        for (var tries = 0; tries < 3; tries++)
        {
            var answer = host.Shell("time -p timeout 30 bash -c 'exec 3<>/dev/tcp/127.0.0.1/8080; head -c 5 <&3'");
            Assert.True(!answer.Output.Contains("hello", StringComparison.Ordinal) && !answer.Error.Contains("real 30", StringComparison.Ordinal), answer.Error);
        }

        host.Laboratory.Machine.RequireUnit(Port + ".service", "inactive");
        host.Laboratory.Machine.RequireUnit("vpn-confinement-netns@media.service", "inactive");
        Assert.Equal("active", host.Laboratory.Machine.UnitState(Port + ".socket"));
        host.Shell($"rm -r {Units}/{Port}.service.d").OrThrow();
    }

    [Fact]
    public void A_namespace_that_cannot_come_up_turns_callers_away_and_the_socket_survives()
    {
        Apply();
        host.Shell("mv /var/lib/vpn-confinement/namespaces/media/plan.json /root/plan.json").OrThrow();
        for (var tries = 0; tries < 5; tries++)
        {
            Assert.DoesNotContain("hello", host.Shell(ReadLocal).Output, StringComparison.Ordinal);
        }

        Assert.Equal("active", host.Laboratory.Machine.UnitState(Port + ".socket"));
        host.Shell("mv /root/plan.json /var/lib/vpn-confinement/namespaces/media/plan.json; systemctl reset-failed; systemctl start downloader").OrThrow();
        Assert.True(host.Laboratory.Downloader.Listen(9091).Ok);
        Assert.Equal("hello", host.Shell(ReadLocal).OrThrow().Output);
    }

    [Fact]
    public void The_sockets_come_up_at_boot_and_a_change_of_one_leaves_the_rest_alone()
    {
        Start();
        Assert.Contains(Port + ".socket", host.Shell("systemctl show -p Wants --value sockets.target").OrThrow().Output, StringComparison.Ordinal);
        host.Shell($"systemctl stop {Port}.socket").OrThrow();
        Assert.Equal(4, host.Product("status").ExitCode);
        host.Shell("systemctl start sockets.target").OrThrow();
        Assert.Equal("active", host.Laboratory.Machine.UnitState(Port + ".socket"));
        Assert.Equal("hello", host.Shell(ReadLocal).OrThrow().Output);

        var pid = MainPid("downloader.service");
        host.Write(Laboratory.ConfigFile, host.Read(Laboratory.ConfigFile).Replace("*:8082", "*:8083", StringComparison.Ordinal));
        host.Product("apply").OrThrow();
        Assert.Equal(pid, MainPid("downloader.service"));
        Assert.Null(host.Laboratory.ConnectFromWorld(Addresses.Machine, 8083));
        Assert.NotNull(host.Laboratory.ConnectFromWorld(Addresses.Machine, 8082));

        host.Shell($"systemctl stop {Port}.socket").OrThrow();
        host.Product("apply").OrThrow();
        Assert.Equal("active", host.Laboratory.Machine.UnitState(Port + ".socket"));
    }

    [Fact]
    public void A_port_that_is_taken_is_said_and_the_next_apply_repairs()
    {
        Configure();
        host.Shell("systemctl start ordinary").OrThrow();
        Assert.True(host.Laboratory.Ordinary.Listen(8080).Ok);
        var refused = host.Product("apply");
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains(Port + ".socket", refused.Error, StringComparison.Ordinal);
        host.Shell("systemctl restart ordinary").OrThrow();
        host.Product("apply").OrThrow();
        Assert.Equal("active", host.Laboratory.Machine.UnitState(Port + ".socket"));
    }

    [Fact]
    [Trait("damage", "published ports: absent")]
    public void A_socket_that_is_down_is_named_and_the_next_apply_starts_it()
    {
        Start();
        host.Shell($"systemctl stop {Port}.socket").OrThrow();
        host.RequireNamed($"{Port}.socket is inactive, so nothing listens for that published port");
        host.Product("apply").OrThrow();
        host.RequireWhole();
        Assert.Equal("hello", host.Shell(ReadLocal).OrThrow().Output);
    }

    // What it has no process of, nothing else sees.
    [Fact]
    [Trait("damage", "units: altered")]
    public void A_forwarder_that_would_run_on_the_hosts_network_is_named_before_it_runs()
    {
        Start();
        var folder = $"{Units}/{Port}.service.d";
        host.Shell($"systemctl stop {Port}.service; mkdir {folder}").OrThrow();
        host.Write($"{folder}/x.conf", "[Service]\nNetworkNamespacePath=\n");
        host.Shell("systemctl daemon-reload").OrThrow();
        try
        {
            host.RequireNamed($"{Port}.service is not confined as it was applied: NetworkNamespacePath");
            Assert.Equal(3, host.Product("apply").ExitCode);
        }
        finally
        {
            host.Shell($"rm -r {folder}").OrThrow();
        }

        host.Product("apply").OrThrow();
        host.RequireWhole();
    }

    [Fact]
    public void Removed_nothing_of_them_is_left()
    {
        Start();
        host.Shell(ReadLocal).OrThrow();
        host.Product("remove", "--allow-unconfine").OrThrow();
        Assert.False(host.Exists(UnixPath));
        Assert.False(host.Exists($"{Units}/sockets.target.d"));
        Assert.Empty(host.Shell($"ls {Units} | grep publish; systemctl list-units --all --plain --no-legend 'vpn-confinement-*'").Output.Trim());
        Assert.NotEqual(0, host.Shell(ReadLocal).ExitCode);
        Assert.NotNull(host.Laboratory.ConnectFromWorld(Addresses.Machine, 8082));
    }

    private void Configure() => host.Write(Laboratory.ConfigFile, host.Config.Replace("publishToHost.tcp = [9091]", $$"""
        publish = [
          { listen = "127.0.0.1:8080", to = 9091 },
          { listen = "[::1]:8081", to = 9091 },
          { listen = "unix:{{UnixPath}}", to = 9091 },
          { listen = "*:8082", to = 9092 },
        ]
        """, StringComparison.Ordinal));

    private void Apply()
    {
        Configure();
        host.Product("apply").OrThrow();
    }

    private void Start()
    {
        Apply();
        host.Shell("systemctl start downloader").OrThrow();
        Assert.True(host.Laboratory.Downloader.Listen(9091).Ok);
        Assert.True(host.Laboratory.Downloader.Listen(9092).Ok);
    }

    private string MainPid(string unit) => host.Shell($"systemctl show -p MainPID --value {unit}").OrThrow().Output.Trim();

    private string ReadUnix()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        socket.Connect(new UnixDomainSocketEndPoint(host.Laboratory.Machine.Root + UnixPath));
        var buffer = new byte[5];
        var read = 0;
        while (read < buffer.Length && socket.Receive(buffer.AsSpan(read)) is > 0 and var count)
        {
            read += count;
        }

        return Encoding.ASCII.GetString(buffer, 0, read);
    }
}
