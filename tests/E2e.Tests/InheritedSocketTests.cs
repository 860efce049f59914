using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// A confined service that systemd hands a socket of the host can send through it, past the namespace (VPC106). Seen here on the wire, so that the
/// answer is known to be one: the socket unit confined with its service.
/// </summary>
[Trait("guarantees", "S-16")]
public sealed class InheritedSocketTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system";
    private const int EscapePort = 47002;
    private static readonly TimeSpan Patience = LabHost.Patience(60);

    private readonly BadHostFixture _host;

    public InheritedSocketTests(BadHostFixture host)
    {
        _host = host;
        host.Write("/etc/app.py", $"""
            import ctypes, socket
            handed = socket.socket(fileno=3)
            try:
                if handed.type == socket.SOCK_DGRAM:
                    handed.recv(100)
                    handed.sendto(b"escape", ("{Addresses.Web}", {EscapePort}))
                    print("sent", flush=True)
                else:
                    handed.accept()[0].close()
                    # connect(2) to AF_UNSPEC dissolves what a TCP socket is, a listener too; then it is a client's.
                    dissolve = ctypes.CDLL(None).connect
                    assert dissolve(3, bytes(16), 16) == 0
                    handed.connect(("{Addresses.Web}", 80))
                    handed.send(b"GET / HTTP/1.1\r\n\r\n")
                    seen = handed.recv(4096).decode().split("\r\n")[-1]
                    # And a listener again: systemd, which watches it once the service is stopped, would be kept busy by one that is none.
                    assert dissolve(3, bytes(16), 16) == 0
                    handed.listen()
                    print(seen, flush=True)
            except OSError as error:
                print(error, flush=True)
            while True:
                socket.socketpair()[0].recv(1)

            """);
        host.Write(Units + "/app.service", "[Service]\nDynamicUser=yes\nExecStart=/usr/bin/python3 /etc/app.py\n");
        host.Write(Laboratory.ConfigFile, host.Config + "\n[services.app.vpn]\nnamespace = \"media\"\n");
        host.Shell("systemctl start ordinary").OrThrow();
    }

    public void Dispose()
    {
        _host.Reset();
        _host.Shell($"systemctl stop app.socket app.service; rm -rf /etc/app.py {Units}/app.*; systemctl daemon-reload; systemctl reset-failed").OrThrow();
    }

    [Theory]
    [InlineData("Datagram", "bash -c 'echo x > /dev/udp/127.0.0.1/9192'", "sent")]
    [InlineData("Stream", "bash -c ': < /dev/tcp/127.0.0.1/9192'", "203.0.113.10")]
    public void Left_on_the_host_the_socket_is_a_way_out_and_is_warned_of_and_confined_with_its_service_it_is_none(string kind, string call, string throughTunnel)
    {
        _host.Write(Units + "/app.socket", $"[Socket]\nListen{kind}=0.0.0.0:9192\n");
        _host.Shell("systemctl daemon-reload; systemctl start app.socket").OrThrow();
        Assert.Contains("VPC106", _host.Product("check").Error, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        var start = _host.Laboratory.Uplink.Count;
        _host.Shell(call).OrThrow();
        Assert.True(_host.Laboratory.Uplink.WaitFor(start, IsEscape, Patience), "the escape does not work, so nothing below proves anything");
        Assert.Equal(_host.Shell("stat -Lc %i /run/netns/media").OrThrow().Output, _host.Shell("stat -Lc %i /proc/$(systemctl show -p MainPID --value app)/ns/net").OrThrow().Output);

        _host.Write(Laboratory.ConfigFile, _host.Read(Laboratory.ConfigFile) + "[sockets.app.vpn]\nnamespace = \"media\"\n");
        Assert.DoesNotContain("VPC106", _host.Product("check").Error, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        _host.Shell("systemctl start app.socket").OrThrow();
        var watch = UplinkWatch.Begin(_host.Laboratory);
        _host.Shell("journalctl --rotate -q --vacuum-time=1s").OrThrow();
        _host.Shell("nsenter --net=/run/netns/media -- " + call).OrThrow();

        Assert.Equal(throughTunnel, WaitForWord());
        watch.WaitForTunnel();
        var packets = watch.End();
        Assert.Contains(packets, p => UplinkPolicy.IsTunnel(p) && Addresses.Machine.Equals(p.Source));
        Assert.DoesNotContain(packets, IsEscape);
    }

    private string WaitForWord() => Eventually.See(
        "the service says a word",
        () => _host.Shell("journalctl --sync; journalctl -q -o cat -u app _COMM=python3 -n 1").Output.Trim(),
        word => word.Length > 0,
        () => _host.Laboratory.Machine.Told("app.service", "app.socket"));

    private static bool IsEscape(Packet packet) => Addresses.Machine.Equals(packet.Source) && Addresses.Web.Equals(packet.Destination)
        && (packet.Kind == PacketKind.Udp ? packet.DestinationPort == EscapePort : packet.Kind == PacketKind.Tcp && packet.DestinationPort == 80);
}
