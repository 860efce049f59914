using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <content>The watcher's own restart, and the order of what it does.</content>
public sealed partial class WatcherTests
{
    // As needrestart does after an upgrade of a library.
    [Fact]
    public void Its_restart_changes_nothing_for_the_tunnel()
    {
        // One echo request every 50 ms, and five seconds for the last answer (RFC 792).
        _host.Write("/root/pings.py", """
            import socket, struct, sys, time
            icmp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
            answered, sent, began = set(), 0, time.monotonic()
            while time.monotonic() < began + 15 and len(answered) < 200:
                if sent < 200 and time.monotonic() >= began + sent * 0.05:
                    total = 0x0800 + 0x4711 + sent
                    total = (total & 0xffff) + (total >> 16)
                    icmp.sendto(struct.pack("!BBHHH", 8, 0, ~total & 0xffff, 0x4711, sent), (sys.argv[1], 0))
                    sent += 1
                icmp.settimeout(0.01)
                try:
                    kind, _, _, mine, number = struct.unpack_from("!BBHHH", icmp.recv(1500), 20)
                    if (kind, mine) == (0, 0x4711):
                        answered.add(number)
                except TimeoutError:
                    pass
            print(f"{len(answered)} of {sent} answered")

            """);
        Assert.Equal($"{Addresses.Provider}", $"{_host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        string Tunnel() => _host.Shell(
            $"systemctl show -P ActiveEnterTimestampMonotonic {Laboratory.TunnelUnit} {Netns} downloader; "
                + $"{Inside}ip -o link show wg0; {Device}wg show $n latest-handshakes; "
                + "cat /run/vpn-confinement/media.wireguard").OrThrow().Output;
        var before = Tunnel();
        _host.Shell($"{Inside}python3 /root/pings.py {Addresses.Web} < /dev/null > /root/pings 2>&1 &").OrThrow();
        for (var i = 0; i < 3; i++)
        {
            var run = Invocation(Watcher);
            _host.Shell($"systemctl restart {Watcher}").OrThrow();
            Assert.NotEqual(run, Invocation(Watcher));
            Thread.Sleep(TimeSpan.FromSeconds(2));
        }

        var said = Eventually.See(
            "the last ping", () => _host.Read("/root/pings"), text => text.EndsWith('\n'));
        Assert.Equal("200 of 200 answered", said.Trim());
        Assert.Equal(before, Tunnel());
        Assert.Equal("", _host.Entries("damaged", _began));
        _host.WaitForStatus();
    }

    // What happens while it looks from one process to the next: Linux.Tests, MeanwhileTests.
    [Fact]
    public void What_guards_the_namespace_is_repaired_before_it_looks_at_what_a_service_has_made()
    {
        _host.Shell(
            "systemctl kill -s STOP vpn-confinement-watch@media; nft flush ruleset; "
                + "cp /etc/resolv.conf /etc/new; mv /etc/new /etc/resolv.conf; "
                + "systemctl kill -s CONT vpn-confinement-watch@media").OrThrow();
        WaitForEntry("damaged", "on the host is not the one that was loaded");
        WaitForEntry("pin-restored");
        var told = _host.Shell(
            $"journalctl --sync; journalctl -q -o json VPNC_NAMESPACE=media --since='{_began}' "
                + "| grep -o '\"VPNC_EVENT\" *: *\"[a-z-]*'")
            .OrThrow().Output;
        Assert.True(
            told.IndexOf("damaged", StringComparison.Ordinal) < told.IndexOf("pin-restored", StringComparison.Ordinal),
            told);
        _host.WaitForStatus();
    }
}
