using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What resolvers of the host lie under changes while a service runs: their folders go and come, their sockets are made anew, the stub file is written again.
/// An unconfined service hears each of them; the confined one hears none, and its names go to the pinned resolver before and after.
/// </summary>
[Trait("guarantees", "S-4")]
public sealed class DnsPinTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Stub = "/run/systemd/resolve/stub-resolv.conf";
    private const string WriteStub = $"mkdir -p /run/systemd/resolve; echo 'nameserver 203.0.113.53' >{Stub}.new; mv {Stub}.new {Stub}";
    private const string RemoveAll = "systemctl stop ipc.socket; rm -rf /run/nscd /run/dbus /run/avahi-daemon /run/systemd/resolve";
    private const string MakeAll = $"{WriteStub}; systemctl start ipc.socket";

    private static readonly string[] Sockets =
    [
        "/run/nscd/socket", "/run/dbus/system_bus_socket", "/run/avahi-daemon/socket", "/run/systemd/resolve/io.systemd.Resolve",
    ];

    private readonly BadHostFixture _host;
    private readonly Laboratory _laboratory;
    private readonly string _resolver;

    public DnsPinTests(BadHostFixture host)
    {
        _host = host;
        _laboratory = host.Laboratory;
        _resolver = host.Read("/etc/resolv.conf");
        // Stand-ins that say a word to whoever connects.
        host.Write("/etc/systemd/system/ipc.socket", $"[Unit]\nStartLimitIntervalSec=0\n[Socket]\nAccept=yes\n{string.Concat(Sockets.Select(s => $"ListenStream={s}\n"))}");
        host.Write("/etc/systemd/system/ipc@.service", "[Service]\nStandardOutput=socket\nExecStart=/bin/echo heard\n");
        host.Shell($"systemctl stop dbus.socket dbus.service 2>/dev/null; systemctl daemon-reload; systemctl start ordinary; {RemoveAll}; {WriteStub}; ln -sfn {Stub} /etc/resolv.conf").OrThrow();
        host.Product("apply").OrThrow();
    }

    public void Dispose()
    {
        _host.Shell($"{RemoveAll}; rm -f /etc/systemd/system/ipc*; rm -f /etc/resolv.conf; systemctl daemon-reload").OrThrow();
        _host.Write("/etc/resolv.conf", _resolver);
        _host.Reset();
    }

    [Theory]
    [InlineData("stub-written-again", MakeAll, WriteStub)]
    [InlineData("stub-written-in-place", MakeAll, $"echo '# a word' >>{Stub}")]
    [InlineData("everything-made-anew", MakeAll, $"{RemoveAll}; {MakeAll}")]
    [InlineData("everything-made-anew-twice", MakeAll, $"{RemoveAll}; {MakeAll}; {RemoveAll}; {MakeAll}")]
    [InlineData("sockets-made-anew", MakeAll, "systemctl restart ipc.socket")]
    [InlineData("absent-at-start", $"{RemoveAll}; {WriteStub}", MakeAll)]
    [InlineData("link-elsewhere", MakeAll, "mkdir -p /run/other; cp /etc/resolv.conf /run/other/resolv.conf; ln -sfn /run/other/resolv.conf /etc/resolv.conf")]
    [InlineData("file-for-link", MakeAll, "cp /etc/resolv.conf /etc/new; mv /etc/new /etc/resolv.conf")]
    [InlineData("link-moved-away", MakeAll, "cp /etc/resolv.conf /etc/new; mv /etc/resolv.conf /etc/resolv.conf.bak; mv /etc/new /etc/resolv.conf")]
    [InlineData("no-folder-of-resolved-at-start", RemoveAll, MakeAll)]
    public void Names_go_to_the_pinned_resolver_before_and_after(string state, string before, string change)
    {
        _host.Shell($"{before}; systemctl start downloader").OrThrow();
        var watch = UplinkWatch.Begin(_laboratory);
        AssertPinned($"{state}-before");
        _host.Shell(change).OrThrow();

        // Lookups are blocked until the watcher has pinned again what the host moved or replaced.
        Assert.Equal($"{Addresses.PinnedAnswer}", $"{_laboratory.Downloader.ResolveInTime($"{state}-mended.example")}");
        AssertPinned($"{state}-after");
        var verdict = watch.EndWithTunnelOnly(state);
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);

        // The same from where nobody is confined: the stand-ins answer, and the host's resolver is asked.
        Assert.All(Sockets, s => Assert.Equal("heard\n", Hear(_laboratory.Ordinary, s).Value));
        var control = _laboratory.Ordinary.ResolveInTime($"{state}-control.example");
        Assert.Equal($"{Addresses.OrdinaryAnswer}", $"{control}");
        _host.WaitForStatus();
    }

    [Fact]
    public void Another_resolver_is_in_the_plan_and_is_the_only_one_afterwards()
    {
        _host.Shell("systemctl start downloader").OrThrow();
        var watch = UplinkWatch.Begin(_laboratory);
        AssertPinned("resolver-before");
        _host.Write(Laboratory.ConfigFile, _host.Config.Replace("[9091]", $"[9091]\ndns.servers = [\"{Addresses.OtherResolver}\"]", StringComparison.Ordinal));
        var plan = _host.Product("plan").OrThrow().Output;
        Assert.Contains($"-nameserver {Addresses.PinnedResolver}\n", plan, StringComparison.Ordinal);
        Assert.Contains($"+nameserver {Addresses.OtherResolver}\n", plan, StringComparison.Ordinal);
        Assert.Contains("restarts:\n  downloader.service  (runs now)\n", plan, StringComparison.Ordinal);
        Assert.Contains("/namespaces/media/resolv.conf changes", plan, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        _laboratory.Machine.RequireUnit("downloader.service", "active");

        // In what the service sees, and for whoever passes that by.
        Assert.Contains($"nameserver {Addresses.OtherResolver}\n", _host.Shell("nsenter --mount --target $(systemctl show -P MainPID downloader) cat /etc/resolv.conf").OrThrow().Output, StringComparison.Ordinal);
        Assert.Equal($"{Addresses.OtherAnswer}", $"{_laboratory.Downloader.ResolveInTime("resolver-after.example")}");
        Assert.Contains(_laboratory.World.OtherResolver.Queries, q => q.Name == "resolver-after.example" && q.Caller.Equals(Addresses.Provider));
        Assert.False(_laboratory.Downloader.Query(Addresses.PinnedResolver, "resolver-former.example").Ok);
        Assert.False(_laboratory.Downloader.Query(Addresses.OrdinaryResolver, "resolver-hosts.example").Ok);
        var verdict = watch.EndWithTunnelOnly("another resolver");
        Assert.True(verdict.Outcome == Outcome.Pass, verdict.Detail);
        Assert.Equal(0, _host.Product("status").ExitCode);
    }

    private void AssertPinned(string name)
    {
        Assert.Equal($"{Addresses.PinnedAnswer}", $"{_laboratory.Downloader.ResolveInTime($"{name}.example")}");
        Assert.Contains(_laboratory.World.PinnedResolver.Queries, q => q.Name == $"{name}.example");
        Assert.DoesNotContain(_laboratory.World.OrdinaryResolver.Queries, q => q.Name.StartsWith(name, StringComparison.Ordinal));
        Assert.False(_laboratory.Downloader.Query(Addresses.OrdinaryResolver, $"{name}-direct.example").Ok);
        Assert.All(Sockets, s => Assert.False(Hear(_laboratory.Downloader, s).Ok));
    }

    private static AgentReply Hear(Agent agent, string socket) => agent.Ask(new AgentRequest(AgentOperation.Hear) { Name = socket });
}
