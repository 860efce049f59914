using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <content>What is hidden from a list of descriptors, what somebody changed in the tunnel, a busy host.</content>
public sealed partial class VerifyTests
{
    private const string Flood = "/root/flood.py";

    // To the address that it is given, as fast as it goes.
    private const string FloodProgram = """
        import socket, sys, time
        flood = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        flood.connect((sys.argv[1], 9))
        end = time.time() + 60
        while time.time() < end:
            for i in range(1000):
                try:
                    flood.send(b'x' * 64)
                except OSError:
                    pass

        """;

    public static TheoryData<string, string> TunnelPlants { get; } = new()
    {
        { "wg set $n peer $(wg show $n peers) allowed-ips 0.0.0.0/1", "allowed" },
        { "wg set $n peer $(wg show $n peers) allowed-ips 0.0.0.0/0,::/0", "allowed" },
        // A keepalive of the provider, up to ten seconds after the last packet, would set the endpoint right again.
        { "sleep 12; wg set $n peer $(wg show $n peers) endpoint 203.0.113.99:51820", "endpoint" },
        { "wg set $n private-key /root/other.key", "key" },
    };

    [Fact]
    public void A_socket_of_the_host_that_io_uring_keeps_is_not_passed()
    {
        machine.BeginUnwatched();
        RequirePass("sockets");
        _host.Write(Program, """
            import ctypes, os, socket, struct, time
            libc = ctypes.CDLL(None, use_errno=True)
            handed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            with open("/run/netns/media") as netns:
                assert libc.setns(netns.fileno(), 0x40000000) == 0
            ring = libc.syscall(425, 4, ctypes.create_string_buffer(120))
            assert ring >= 0, os.strerror(ctypes.get_errno())
            files = struct.pack("i", handed.fileno())
            assert libc.syscall(427, ring, 2, files, 1) == 0, os.strerror(ctypes.get_errno())
            handed.close()
            open("/run/moved", "w").close()
            time.sleep(1000)

            """);
        Plant($"rm -f /run/moved; python3 {Program} & until [ -e /run/moved ]; do sleep 0.1; done;");
        RequireNotPassed("sockets", "io_uring");
        RequirePass("processes");
    }

    [Fact]
    public void A_socket_of_the_host_that_systemd_stores_for_the_service_is_not_passed()
    {
        const string DropIn = $"/run/systemd/system/{Unit}.d/store.conf";
        machine.BeginUnwatched();
        _host.Shell($"mkdir -p /run/systemd/system/{Unit}.d; "
            + $"printf '[Service]\\nFileDescriptorStoreMax=4\\nNotifyAccess=all\\n' > {DropIn}; "
            + $"systemctl daemon-reload; systemctl restart {Unit}").OrThrow();
        try
        {
            RequirePass("sockets");
            _host.Write(Program, """
                import array, socket, time
                while "downloader.service" not in open("/proc/self/cgroup").read():
                    time.sleep(0.1)
                handed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                notify.connect("/run/systemd/notify")
                rights = array.array("i", [handed.fileno()])
                notify.sendmsg([b"FDSTORE=1"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
                handed.close()
                time.sleep(1)

                """);
            Plant($"python3 {Program} &");
            Eventually.See(
                "systemd stores a descriptor",
                () => _host.Shell($"systemctl show -P NFileDescriptorStore {Unit}").Output.Trim(),
                stored => stored == "1");
            RequireNotPassed("sockets", "systemd keeps 1 descriptor");
        }
        finally
        {
            _host.Shell($"rm -f {DropIn}; systemctl daemon-reload").OrThrow();
        }
    }

    [Theory]
    [MemberData(nameof(TunnelPlants))]
    public void A_tunnel_that_somebody_changed_fails(string plant, string said)
    {
        machine.BeginUnwatched();
        Assert.All(Verify().Lines.Where(l => l.Check == "parts"), l => Assert.Equal("pass", l.Outcome));
        var device = LabHost.ShellDevice(Laboratory.Namespace, "wg0");
        _host.Shell($"umask 077; wg genkey > /root/other.key; {device}{plant}").OrThrow();
        RequireFail("parts", said);
    }

    [Fact]
    public void A_generation_that_is_not_the_one_applied_fails()
    {
        const string Folder = "/var/lib/vpn-confinement/namespaces/media";
        machine.BeginUnwatched();
        var config = _host.Read(Laboratory.ConfigFile);
        _host.Shell($"cp -a {Folder} /root/former").OrThrow();
        _host.Write(Laboratory.ConfigFile, config.Replace(
            "publishToHost.tcp = [9091]", "publishToHost.tcp = [9091]\ningress.fromTunnel.tcp = [51413]",
            StringComparison.Ordinal));
        _host.Product("apply").OrThrow();
        _host.Shell($"systemctl stop {PartsMachine.Watcher}").OrThrow();
        try
        {
            Assert.All(Verify().Lines.Where(l => l.Check == "parts"), l => Assert.Equal("pass", l.Outcome));
            _host.Shell($"cp -a /root/former/. {Folder}/").OrThrow();
            var (status, lines) = Verify();
            Assert.NotEqual(0, status);
            Assert.Contains(lines, l => l.Check == "parts" && l.Outcome != "pass");
        }
        finally
        {
            _host.Shell("rm -rf /root/former").OrThrow();
            _host.Write(Laboratory.ConfigFile, config);
        }
    }

    // The packets of others are passed over by the kernel's filter: none is read, none is in the way.
    [Fact]
    public void Much_other_traffic_on_the_uplink_is_not_in_the_way()
    {
        machine.BeginWatched();
        _host.WaitForStatus();
        var before = Sent("uplink0");
        BeginFlood(Addresses.Web);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (status, lines) = Verify();
        var rate = (Sent("uplink0") - before) / clock.Elapsed.TotalSeconds;
        EndFlood();
        TestContext.Current.SendDiagnosticMessage($"{rate:0} packets a second beside verify");
        Assert.True(rate > 1000, $"only {rate:0} packets a second");
        Assert.True(status == 0, Told(lines));
    }

    // It is stopped while packets that its filter takes come in, so that the kernel has to drop some.
    [Fact]
    public void A_capture_that_dropped_packets_is_inconclusive()
    {
        machine.BeginUnwatched();
        RequirePass("canaries");
        _host.Shell("sockets=$(wc -l < /proc/net/packet); "
            + "(vpn-confinement verify media --json > /root/report 2> /root/said; echo $? > /root/status) "
            + "> /dev/null 2>&1 & until [ $(wc -l < /proc/net/packet) -gt $sockets ]; do sleep 0.02; done; "
            + "pkill -STOP -f '^vpn-confinement verify'").OrThrow();
        BeginFlood(Addresses.OrdinaryResolver);
        Thread.Sleep(TimeSpan.FromSeconds(4));
        EndFlood();
        _host.Shell("rm -f /root/status; pkill -CONT -f '^vpn-confinement verify'").OrThrow();
        Eventually.See("verify ends", () => _host.Exists("/root/status"), ended => ended);
        var text = _host.Read("/root/report");
        Assert.NotEqual("0", _host.Read("/root/status").Trim());
        Assert.True(text.Contains("dropped", StringComparison.Ordinal), text);
    }

    // The host's own way out is a tunnel of somebody else: the control packet leaves there, and has to be seen.
    [Fact]
    public void A_host_whose_way_out_is_another_vpn_is_watched_there()
    {
        machine.BeginUnwatched();
        _host.Shell($"ip route add {Addresses.Provider} via 198.51.100.1 dev uplink0; "
            + "ip link add vpn0 type veth peer name vpn1; ip link set vpn0 arp off; ip link set vpn1 up; "
            + "ip link set vpn0 up; ip address add 10.200.0.2/24 dev vpn0; "
            + "ip route add 0.0.0.0/1 dev vpn0; ip route add 128.0.0.0/1 dev vpn0").OrThrow();
        try
        {
            var before = Sent("vpn0");
            RequirePass("canaries");
            Assert.True(Sent("vpn0") > before);
        }
        finally
        {
            _host.Shell($"ip link del vpn0; ip route del {Addresses.Provider}").OrThrow();
        }
    }

    // The host's own way out is another WireGuard. What leaves through it is a leak as much as what leaves without.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_leak_over_another_vpn_of_the_host_is_seen_on_its_device(bool isRouted)
    {
        machine.BeginUnwatched();
        _host.Shell(
            "umask 077; wg genkey > /root/vpn0.key; ip link add vpn0 type wireguard 2>/dev/null "
            + "|| WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD=1 wireguard-go vpn0; "
            + "wg set vpn0 private-key /root/vpn0.key peer $(wg genkey | wg pubkey) "
            + $"endpoint {Addresses.OtherResolver}:51820 allowed-ips 0.0.0.0/0; "
            + $"for a in {Addresses.Provider} {Addresses.OtherResolver}; do ip route add $a via "
            + $"{Addresses.Gateway} dev uplink0; done; ip address add 10.200.0.2/24 dev vpn0; ip link set vpn0 up; "
            + "ip route add 0.0.0.0/1 dev vpn0; ip route add 128.0.0.0/1 dev vpn0").OrThrow();
        try
        {
            RequirePass("canaries");
            if (isRouted)
            {
                _host.Shell(
                    $"{Inside}nft flush ruleset; tc qdisc del dev {PartsMachine.HostEnd} clsact; "
                    + $"{Inside}tc qdisc del dev {InnerEnd} clsact; {Inside}ip route replace default via 169.254.77.5; "
                    + "nft flush ruleset; ip rule del pref 1; "
                    + $"for i in {PartsMachine.HostEnd} vpn0; do echo 1 > /proc/sys/net/ipv4/conf/$i/forwarding; "
                    + "done").OrThrow();
            }
            else
            {
                Plant("sleep 1000 &");
                RequireFail("processes", "is outside its namespace");
            }

            RequireFail("canaries", "on vpn0 of the host");
        }
        finally
        {
            _host.Shell(
                $"ip link del vpn0; rm /root/vpn0.key; ip route del {Addresses.Provider}; "
                + $"ip route del {Addresses.OtherResolver}").OrThrow();
        }
    }

    [Fact]
    public void A_verify_beside_a_verify_ends_as_well()
    {
        machine.BeginWatched();
        _host.WaitForStatus();
        _host.Shell("(vpn-confinement verify media > /root/one 2>&1; echo $? > /root/status) > /dev/null 2>&1 &")
            .OrThrow();
        var (status, lines) = Verify();
        Eventually.See("the other ends", () => _host.Exists("/root/status"), ended => ended);
        Assert.True(status == 0, Told(lines));
        Assert.Equal("0", _host.Read("/root/status").Trim());
        _host.Shell("rm -f /root/status").OrThrow();
    }

    [Fact]
    public void A_page_says_which_address_the_world_sees()
    {
        LabPackages.Unpack(_host, "programs", "/usr/bin/curl");
        machine.BeginUnwatched();
        var config = _host.Read(Laboratory.ConfigFile);
        try
        {
            Name($"http://{Addresses.Web}/");
            // systemd-run, by which exec runs the command, has the system bus started where that is down.
            _host.Shell($"systemctl stop {PartsMachine.Watcher}; systemctl start dbus.service").OrThrow();
            var before = Everything();
            var line = Assert.Single(Verify().Lines, l => l.Check == "seen-address");
            Assert.Equal(("pass", "works"), (line.Outcome, line.Aspect));
            Assert.Contains($"the world sees {Addresses.Provider}", line.Evidence, StringComparison.Ordinal);
            Assert.Equal(before, Everything());
            _host.Shell("mount --bind /dev/null /usr/bin/curl").OrThrow();
            RequireNotPassed("seen-address", "cannot be run");
            _host.Shell("umount /usr/bin/curl").OrThrow();
            Name($"http://{Addresses.Web}:81/");
            RequireSaid("seen-address", "fail", "did not answer through the tunnel");
        }
        finally
        {
            _host.Shell("umount /usr/bin/curl 2>/dev/null || true").OrThrow();
            _host.Write(Laboratory.ConfigFile, config);
        }

        // Nobody is started or stopped for it.
        void Name(string url)
        {
            var pid = _host.Shell($"systemctl show -P MainPID {Unit}").OrThrow().Output;
            _host.Write(Laboratory.ConfigFile, config.Replace(
                "publishToHost.tcp = [9091]", $"publishToHost.tcp = [9091]\nverify.url = \"{url}\"",
                StringComparison.Ordinal));
            _host.Product("apply").OrThrow();
            Assert.Equal(pid, _host.Shell($"systemctl show -P MainPID {Unit}").OrThrow().Output);
        }
    }

    private void BeginFlood(object address)
    {
        _host.Write(Flood, FloodProgram);
        _host.Shell($"exec > /dev/null 2>&1; for i in 1 2; do python3 {Flood} {address} & echo $!; done > /run/flood")
            .OrThrow();
    }

    private void EndFlood() => _host.Shell("kill -KILL $(cat /run/flood); rm -f /run/flood " + Flood).OrThrow();

    private long Sent(string link) => long.Parse(
        _host.Shell($"cat /sys/class/net/{link}/statistics/tx_packets").OrThrow().Output,
        System.Globalization.CultureInfo.InvariantCulture);
}
