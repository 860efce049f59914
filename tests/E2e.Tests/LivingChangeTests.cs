using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>A change touches only what it must: what the kernel can change on a living tunnel is changed there, under a transfer that goes on.</summary>
[Trait("guarantees", "S-30")]
public sealed class LivingChangeTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const int Port = 47900;
    private const string WebNetwork = "203.0.113.80/32";
    private const int OtherEndpointPort = 51821;
    private const string Unit = "/etc/systemd/system/stream.service";

    private static readonly string Program =
        $"import socket,time\ns=socket.create_connection((\"{Addresses.Web}\",{Port}))\nwhile True:\n  s.sendall(b\"x\"*16384)\n  time.sleep(0.01)\n";

    private static readonly TimeSpan Patience = LabHost.Patience(40);

    private readonly BadHostFixture _host;
    private readonly StreamSink _sink;
    private readonly string _provider;
    private readonly string _run;

    public LivingChangeTests(BadHostFixture host)
    {
        _host = host;
        _sink = new StreamSink(host.Laboratory.World, Port);
        _provider = host.Read(Laboratory.ProviderFile);
        host.Write("/root/stream.py", Program);
        host.Write(Unit, "[Service]\nExecStart=/usr/bin/python3 /root/stream.py\n");
        host.Write(Laboratory.ConfigFile, Confined(host.Config));
        host.Shell("systemctl daemon-reload").OrThrow();
        host.Product("apply").OrThrow();
        host.Shell("systemctl start stream").OrThrow();
        Flows();
        _run = Invocation();
    }

    public void Dispose()
    {
        _host.Write(Laboratory.ProviderFile, _provider);
        _host.Reset();
        _host.Shell($"systemctl stop stream; rm {Unit} /root/stream.py; systemctl daemon-reload").OrThrow();
        _sink.Dispose();
    }

    [Fact]
    public void What_the_kernel_can_change_on_a_living_tunnel_ends_no_transfer()
    {
        var watch = UplinkWatch.Begin(_host.Laboratory);
        var peer = _provider.IndexOf("[Peer]", StringComparison.Ordinal);
        var another = Convert.ToBase64String([7, .. Enumerable.Repeat((byte)9, 31)]);
        string[] changed =
        [
            _provider + "PersistentKeepalive = 25\n",
            _provider.Insert(peer, "MTU = 1300\n"),
            _provider + $"\n[Peer]\nPublicKey = {another}\nAllowedIPs = 10.99.0.0/24\n",
            _provider.Replace("0.0.0.0/0", "0.0.0.0/1,128.0.0.0/1", StringComparison.Ordinal),
            _provider,
        ];
        foreach (var text in changed)
        {
            Change(text);
            Flows();
        }

        var verdict = watch.EndWithTunnelOnly("changed");
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
        GoneOnAllTheTime();
    }

    [Fact]
    public void Lists_of_what_may_pass_change_under_a_transfer_and_end_only_what_they_no_longer_allow()
    {
        var watch = UplinkWatch.Begin(_host.Laboratory);
        const string Before = "publishToHost.tcp = [9091]";
        ChangeConfig(Before, "publishToHost.tcp = [9091, 9092]");
        ChangeConfig(Before, "publishToHost.tcp = [9092]");
        Flows();

        // From no list to one is another ruleset, which ends every flow; its lists change without that from then on.
        var listed = $"{Before}\negress.mode = \"allowList\"\negress.allowedTcpPorts = [{Port}, 80, 5001]\negress.allowedCidrs = [\"{Addresses.Web}/32\", \"192.0.2.0/24\"]";
        Configure(Before, listed);
        EndFlows();
        StartAgain();
        var run = Invocation();
        var connections = _sink.Connections;
        ChangeConfig(Before, listed.Replace(", 5001", ", 5002", StringComparison.Ordinal));
        ChangeConfig(Before, listed.Replace("192.0.2.0/24", "198.18.0.0/15", StringComparison.Ordinal));
        Flows();
        Assert.Equal((run, connections), (Invocation(), _sink.Connections));

        // Its end ends the namespace, which nobody needs then: also while the change is made.
        Configure(Before, listed.Replace($"{Port}, ", "", StringComparison.Ordinal));
        Assert.Contains("changed on the living tunnel of media", EndFlows(), StringComparison.Ordinal);
        var received = _sink.Received;
        Assert.True(SpinWait.SpinUntil(() => _host.Laboratory.Machine.UnitState("stream.service") != "active", Patience), "the transfer goes on, to a port that is not allowed any more");
        Assert.InRange(_sink.Received - received, 0, 1_000_000);
        var verdict = watch.EndWithTunnelOnly("changed");
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
    }

    [Theory]
    [InlineData("egress.allowedCidrs", $"\"{WebNetwork}\", ", "\"192.0.2.0/24\"")]
    [InlineData("egress.allowedTcpPorts", "47900, ", "80")]
    public void What_is_taken_off_a_list_ends_its_flow_and_no_other(string list, string taken, string rest)
    {
        const string Before = "publishToHost.tcp = [9091]";
        var watch = UplinkWatch.Begin(_host.Laboratory);
        Configure(Before, $"{Before}\negress.mode = \"allowList\"\n{list} = [{taken}{rest}]");
        EndFlows();
        StartAgain();
        Configure(Before, $"{Before}\negress.mode = \"allowList\"\n{list} = [{rest}]");
        Assert.Contains("media  (connections that are no longer allowed end)", _host.Product("plan").Output, StringComparison.Ordinal);
        Assert.Contains("changed on the living tunnel of media", EndFlows(), StringComparison.Ordinal);
        var received = _sink.Received;
        Assert.True(SpinWait.SpinUntil(() => _host.Laboratory.Machine.UnitState("stream.service") != "active", Patience), "the transfer goes on, and is not allowed any more");
        Assert.InRange(_sink.Received - received, 0, 1_000_000);
        var verdict = watch.EndWithTunnelOnly("changed");
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
    }

    [Fact]
    public void Another_ruleset_is_loaded_in_place_and_restarts_nothing()
    {
        const string Before = "publishToHost.tcp = [9091]";
        var watch = UplinkWatch.Begin(_host.Laboratory);
        foreach (var more in (string[])["\ningress.fromTunnel.tcp = [6881]", "\ningress.fromTunnel.udp = [6881]", ""])
        {
            Configure(Before, Before + more);
            Assert.DoesNotContain("connections end,", _host.Product("plan").Output, StringComparison.Ordinal);
            Apply();
            Flows();
        }

        GoneOnAllTheTime();
        _host.Shell("systemctl start downloader").OrThrow();
        var runs = Runs();
        Configure(Before, $"{Before}\negress.mode = \"allowList\"\negress.allowedTcpPorts = [80]");
        Assert.Contains("media  (its connections end, and are to be made anew)", _host.Product("plan").Output, StringComparison.Ordinal);
        Assert.Contains("\"connections\": \"end\"", _host.Product("plan", "--json").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("stopping", EndFlows(), StringComparison.Ordinal);
        var received = _sink.Received;
        Assert.True(SpinWait.SpinUntil(() => _host.Laboratory.Machine.UnitState("stream.service") != "active", Patience), "the transfer goes on, to a port that is not allowed any more");
        Assert.InRange(_sink.Received - received, 0, 1_000_000);
        Assert.Equal($"{Addresses.Provider}", _host.Laboratory.Downloader.Get(Addresses.Web).Value);

        // And back: what is wider ends nothing.
        Configure(Before, $"{Before}\negress.mode = \"allowList\"\negress.allowedTcpPorts = [80, {Port}]");
        _ = EndFlows();
        StartAgain();
        var (run, connections) = (Invocation(), _sink.Connections);
        ChangeConfig(Before, Before);
        Flows();
        Assert.Equal((run, connections), (Invocation(), _sink.Connections));
        Assert.Equal(runs, Runs());
        var verdict = watch.EndWithTunnelOnly("changed");
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);

        string Runs() => _host.Shell("systemctl show -P InvocationID downloader vpn-confinement-netns@media wireguard-wg0").OrThrow().Output;
    }

    // A lookup that takes its time, so that the namespace is gone before the tunnel's turn comes.
    [Fact]
    public void A_service_that_ends_with_its_flow_and_its_namespace_with_it_makes_no_change_fail()
    {
        const string Before = "publishToHost.tcp = [9091]";
        var without = $"{Before}\nwireguard.allowHostnameEndpoints = true\negress.mode = \"allowList\"\negress.allowedTcpPorts = [80]";
        _host.Shell($"cp /etc/hosts /etc/hosts.before; echo '{Addresses.Provider} vpn.slow.example' >> /etc/hosts").OrThrow();
        try
        {
            _host.Write(Laboratory.ProviderFile, _provider.Replace($"{Addresses.Provider}:", "vpn.slow.example:", StringComparison.Ordinal));
            ConfigureNamed(without.Replace("[80]", $"[80, {Port}]", StringComparison.Ordinal));
            _host.Product("apply").OrThrow();
            _host.Shell("systemctl start stream").OrThrow();
            Flows();
            ConfigureNamed(without);
            _host.Shell("cp /etc/hosts.before /etc/hosts; nft 'add table inet slow; add chain inet slow input { type filter hook input priority 0; }; add rule inet slow input udp sport 53 drop'").OrThrow();
            EndFlows();
            Assert.Contains("allowed_tcp_ports {\n\t\ttype inet_service\n\t\telements = { 80 }", _host.Read("/var/lib/vpn-confinement/namespaces/media/ruleset.nft"), StringComparison.Ordinal);
            Assert.True(SpinWait.SpinUntil(() => !_host.Exists("/run/netns/media"), Patience), "the namespace stays");
        }
        finally
        {
            _host.Shell("nft delete table inet slow; cp /etc/hosts.before /etc/hosts; rm /etc/hosts.before");
        }

        void ConfigureNamed(string to) =>
            _host.Write(Laboratory.ConfigFile, Confined(_host.Config.Replace(Before, to, StringComparison.Ordinal)) + "\n[wireguard.interfaces.wg0]\ndynamicEndpointRefreshSeconds = 60\n");
    }

    [Fact]
    public void A_connection_of_the_host_ends_with_the_port_that_it_goes_to()
    {
        const string Before = "publishToHost.tcp = [9091]";
        const string Talker = "import socket,time; l=socket.create_server((\"0.0.0.0\",9092)); c=l.accept()[0]\nwhile True: c.sendall(b\"x\"*100); time.sleep(0.02)";
        const string Caller = "import socket,sys; s=socket.create_connection((sys.argv[1],9092)); f=open(\"/run/caller.log\",\"wb\",0)\nwhile True: f.write(s.recv(100))";
        ChangeConfig(Before, "publishToHost.tcp = [9091, 9092]");
        try
        {
            _host.Write("/run-talker.py", Talker);
            _host.Write("/run-caller.py", Caller);
            _host.Shell($"systemd-run --quiet --unit=talker ip netns exec media python3 /run-talker.py; for i in $(seq 50); do ip netns exec media ss -Hltn 'sport = 9092' | grep -q . && break; sleep 0.1; done; systemd-run --quiet --unit=caller python3 /run-caller.py {_host.Laboratory.HostLinkAddress("NS")}").OrThrow();
            Assert.True(SpinWait.SpinUntil(() => Heard() > 1000, Patience), "the host does not hear its service");
            ChangeConfig(Before, Before);
            var heard = Heard();
            Flows();
            _host.Shell("sleep 1").OrThrow();
            Assert.InRange(Heard() - heard, 0, 2000);
        }
        finally
        {
            _host.Shell("systemctl stop talker caller; rm -f /run-talker.py /run-caller.py /run/caller.log");
        }

        GoneOnAllTheTime();

        int Heard() => int.TryParse(_host.Shell("stat -c %s /run/caller.log").Output, out var size) ? size : 0;
    }

    // The far end does not know the other key, and nobody answers at the other endpoint: the transfer waits, and goes on once they are right again.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keys_and_endpoints_are_set_on_the_living_link(bool pinned)
    {
        if (pinned)
        {
            Configure("[9091]", "[9091]\nwireguard.endpointPinning.enable = true");
            _host.Product("apply").OrThrow();
            Flows();
        }

        var (run, connections) = (Invocation(), _sink.Connections);
        var key = _provider.Split('\n').First(l => l.StartsWith("PrivateKey = ", StringComparison.Ordinal))["PrivateKey = ".Length..];
        string[] changed =
        [
            _provider.Replace(key, Convert.ToBase64String([8, .. Enumerable.Repeat((byte)64, 31)]), StringComparison.Ordinal),
            _provider + $"PresharedKey = {Convert.ToBase64String([.. Enumerable.Repeat((byte)5, 32)])}\n",
            _provider.Replace($":{Addresses.WireGuardPort}", $":{OtherEndpointPort}", StringComparison.Ordinal),
        ];
        foreach (var text in changed)
        {
            var watch = UplinkWatch.Begin(_host.Laboratory);
            _host.Write(Laboratory.ProviderFile, text);

            // A peer that is given another endpoint may begin a handshake itself, and is followed then: a drift where it is pinned, so that is not waited for.
            var applied = pinned ? _host.Product("apply", "--no-wait") : _host.Product("apply");
            Assert.True(
                applied.ExitCode == (pinned ? 0 : 4) || (applied.ExitCode == 0 && text.Contains($":{OtherEndpointPort}", StringComparison.Ordinal)), applied.Summary);
            Assert.Contains("changed on the living tunnel of media", applied.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("stopping", applied.Error, StringComparison.Ordinal);
            Change(_provider);
            Flows();
            Assert.DoesNotContain(watch.EndStray(), packet => packet is not { Kind: PacketKind.Udp, DestinationPort: OtherEndpointPort } || !Addresses.Provider.Equals(packet.Destination));
        }

        Assert.Equal((run, connections), (Invocation(), _sink.Connections));
    }

    private void Change(string provider)
    {
        _host.Write(Laboratory.ProviderFile, provider);
        Apply();
    }

    private void ChangeConfig(string from, string to)
    {
        Configure(from, to);
        Apply();
    }

    private void Configure(string from, string to) => _host.Write(Laboratory.ConfigFile, Confined(_host.Config.Replace(from, to, StringComparison.Ordinal)));

    private void Apply()
    {
        var said = _host.Product("apply").OrThrow().Error;
        Assert.Contains("changed on the living tunnel of media", said, StringComparison.Ordinal);
        Assert.DoesNotContain("stopping", said, StringComparison.Ordinal);
        var status = _host.Product("status");
        Assert.True(status.ExitCode == 0, status.Output);
    }

    // A service that ends with its flow has failed, which an 'apply' that waits would say.
    private string EndFlows() => _host.Product("apply", "--no-wait").OrThrow().Error;

    private static string Confined(string config) => config + "\n[services.stream.vpn]\nnamespace = \"media\"\n";

    private void Flows()
    {
        var before = _sink.Received;
        Assert.True(SpinWait.SpinUntil(() => _sink.Received > before + 100_000, Patience), "the transfer does not go on");
    }

    // Its flow was ended, and it with that.
    private void StartAgain()
    {
        Assert.True(SpinWait.SpinUntil(() => _host.Laboratory.Machine.UnitState("stream.service") != "active", Patience), "the transfer goes on");
        _host.Shell("systemctl start stream").OrThrow();
        Flows();
    }

    private void GoneOnAllTheTime()
    {
        Assert.Equal(_run, Invocation());
        Assert.Equal(1, _sink.Connections);
        Assert.Equal("active", _host.Laboratory.Machine.UnitState("stream.service"));
        Assert.Equal("active", _host.Laboratory.Machine.UnitState("vpn-confinement-watch@media.service"));
    }

    private string Invocation() => _host.Shell("systemctl show -P InvocationID stream.service").OrThrow().Output.Trim();
}
