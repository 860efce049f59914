using System.Net.Sockets;
using System.Text;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// Services as people have them, with units as their packages bring them: each comes up confined under strict DNS, does its work over the tunnel, and has
/// what it needs of /run, of the journal and of systemd. Every name is looked up by the service itself, with libc.
/// </summary>
[Trait("guarantees", "S-23")]
public sealed class RealServicesTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Units = "/etc/systemd/system";

    private readonly BadHostFixture _host;
    private readonly Laboratory _laboratory;

    public RealServicesTests(BadHostFixture host)
    {
        _host = host;
        _laboratory = host.Laboratory;
        _laboratory.World.PinnedResolver.Answer = Addresses.Web;
        Unpack();
        host.Shell("systemctl daemon-reload; systemctl start ordinary").OrThrow();
    }

    public void Dispose()
    {
        _laboratory.World.PinnedResolver.Answer = Addresses.PinnedAnswer;
        _host.Reset();
        _host.Shell($"systemctl stop nginx transmission-daemon web notifier hello.socket 'hello@*'; rm -rf {Units}/transmission-daemon.service.d {Units}/web.* {Units}/notifier.* {Units}/hello*; systemctl daemon-reload; systemctl reset-failed; true").OrThrow();
    }

    [Theory]
    [InlineData("baseline")]
    [InlineData("strict")]
    public void Nginx_with_the_unit_of_its_package(string profile)
    {
        WriteNginx("first");
        var watch = Confine("nginx", profile, "capabilities = [\"CAP_CHOWN\", \"CAP_SETUID\", \"CAP_SETGID\", \"CAP_NET_BIND_SERVICE\"]");
        WaitUntil(() => Get("nginx", "/") == "first", "answering");
        WaitUntil(() => Get("nginx", "/out") == $"{Addresses.Provider}", "answering from outside");

        // The configuration's names are looked up by the process that reloads.
        WriteNginx("second");
        _host.Shell("systemctl reload nginx").OrThrow();
        WaitUntil(() => Get("nginx", "/") == "second", "reloaded");
        Assert.Contains("GET /out", _host.Shell("journalctl --sync; journalctl -q -o cat -u nginx").Output, StringComparison.Ordinal);
        AssertLookedUp("first.example", "second.example");
        AssertConfined(watch, "nginx");
        _host.Shell("systemctl stop nginx").OrThrow();
    }

    [Theory]
    [InlineData("baseline")]
    [InlineData("strict")]
    public void Transmission_with_the_unit_of_its_package(string profile)
    {
        _host.Write("/etc/transmission-daemon/settings.json", """
            {
                "rpc-enabled": true, "rpc-bind-address": "0.0.0.0", "rpc-port": 9091, "rpc-whitelist-enabled": false,
                "rpc-host-whitelist-enabled": false, "rpc-authentication-required": false, "dht-enabled": false, "lpd-enabled": false,
                "pex-enabled": false, "utp-enabled": false, "port-forwarding-enabled": false,
                "blocklist-enabled": true, "blocklist-url": "http://blocklist.example/list"
            }

            """);
        // The package of Debian 12 leaves it to file permissions where it writes; both profiles want it said, and 'check'
        // says how. Later ones set ProtectSystem= themselves, and need no line.
        var isSaid = _host.Shell("systemctl cat transmission-daemon | grep -q ^ProtectSystem=").Succeeded;
        var line = isSaid ? ""
            : profile == "strict" ? "writePaths = [\"/var/lib/transmission-daemon\", \"/etc/transmission-daemon\"]"
            : "writePaths = [\"/etc/transmission-daemon\"]";
        var warned = Warned("transmission-daemon", profile);
        Assert.Contains(line, warned, StringComparison.Ordinal);
        Assert.NotEqual(isSaid, warned.Contains("VPC122", StringComparison.Ordinal));
        var watch = Confine("transmission-daemon", profile, line);
        WaitForRpc("""{"method":"session-get"}""", "\"version\"");
        WaitForRpc("""{"method":"blocklist-update"}""", "\"success\"");
        AssertLookedUp("blocklist.example");
        AssertConfined(watch, "transmission-daemon");
        _host.Shell("systemctl stop transmission-daemon").OrThrow();
        Assert.NotEmpty(_host.Shell("journalctl -q -o cat -u transmission-daemon _COMM=transmission-da").OrThrow().Output);
    }

    [Theory]
    [InlineData("baseline", "")]
    [InlineData("strict", "allowJit = true")]
    public void A_web_service_on_a_runtime_that_compiles_as_it_goes(string profile, string option)
    {
        _host.Write($"{Units}/web.service", $"[Service]\nDynamicUser=yes\nEnvironment={Agent.Settings}\nExecStart={Agent.Start} web 9093\n");
        var watch = Confine("web", profile, option);
        // Nobody calls it before it says that it listens.
        WaitUntil(() => _host.Shell("journalctl --sync; journalctl -q -o cat -u web").Output.Contains("listening on 9093", StringComparison.Ordinal), "listening");
        WaitUntil(() => Get("web", "/web.example", 9093) == $"{Addresses.Provider}", "answering");
        AssertLookedUp("web.example");
        AssertConfined(watch, "web");
    }

    [Theory]
    [InlineData("baseline", "")]
    [InlineData("strict", "allowJit = true")]
    public void One_with_a_user_folders_and_credentials_of_systemds_that_says_when_it_is_ready(string profile, string option)
    {
        _host.Write($"{Units}/hello.socket", "[Socket]\nListenStream=/run/hello/there\nAccept=yes\n");
        _host.Write($"{Units}/hello@.service", "[Service]\nStandardOutput=socket\nExecStart=/bin/echo -n hello from the host\n");
        _host.Shell("systemctl daemon-reload; systemctl start hello.socket").OrThrow();
        _host.Write($"{Units}/notifier.service", $"""
            [Service]
            Type=notify
            DynamicUser=yes
            RuntimeDirectory=notifier
            StateDirectory=probe-notifier
            SetCredential=token:a secret of systemd
            Environment={Agent.Settings}
            ExecStart={Agent.Start} agent /var/lib/probe-notifier

            """);
        var watch = Confine("notifier", profile, $"runPaths = [\"/run/hello\"]\n{option}");
        var agent = new Agent(_laboratory.Machine, "notifier");
        AgentReply Ask(AgentOperation operation, string path) => agent.Ask(new AgentRequest(operation) { Name = path });
        Assert.Equal("a secret of systemd", Ask(AgentOperation.Read, "/run/credentials/notifier.service/token").Value);
        var heard = Ask(AgentOperation.Hear, "/run/hello/there");
        Assert.True(heard.Value == "hello from the host", $"heard '{heard}'; {_host.Shell("journalctl --sync; journalctl -q -o short-precise -n 80").Output}");
        foreach (var folder in (string[])["/run/notifier", "/var/lib/probe-notifier"])
        {
            Assert.Equal("done", $"{Ask(AgentOperation.Write, $"{folder}/{profile}")}");
            Assert.True(_host.Exists($"{folder}/{profile}"));
        }

        Assert.False(Ask(AgentOperation.Write, "/run/elsewhere").Ok);
        Assert.Contains("ready", _host.Shell("journalctl --sync; journalctl -q -o cat -u notifier _COMM=dotnet").Output, StringComparison.Ordinal);
        Assert.Equal($"{Addresses.Provider}", $"{agent.GetInTime(Addresses.Web)}");
        Assert.Equal($"{Addresses.Web}", $"{agent.ResolveInTime("notifier.example")}");
        AssertLookedUp("notifier.example");
        AssertConfined(watch, "notifier");
    }

    // The packages lie beside the program (eng/prepare), unless the machine's root has them. Nothing of them is on the host.
    private void Unpack()
    {
        var folder = Path.Combine(Path.GetDirectoryName(Environment.GetEnvironmentVariable("VPNC_BINARY"))!, "../packages");
        if (!_host.Exists("/usr/sbin/nginx") || !_host.Exists("/usr/bin/transmission-daemon"))
        {
            Command.Run("/bin/sh", "-ec", $"for p in {folder}/*.deb; do dpkg-deb --fsys-tarfile \"$p\" | tar -x -C {_laboratory.Machine.Root} --keep-directory-symlink; done").OrThrow();
        }

        _host.Shell("""
            getent passwd debian-transmission >/dev/null || { echo debian-transmission:x:61190:61190::/var/lib/transmission-daemon:/usr/sbin/nologin >>/etc/passwd; echo debian-transmission:x:61190: >>/etc/group; }
            chown -R debian-transmission:debian-transmission /etc/transmission-daemon /var/lib/transmission-daemon
            """).OrThrow();
    }

    private void WriteNginx(string word) => _host.Write("/etc/nginx/nginx.conf", $$"""
        user www-data;
        pid /run/nginx.pid;
        error_log syslog:server=unix:/dev/log;
        events {}
        http {
            access_log syslog:server=unix:/dev/log,tag=nginx;
            server {
                listen 80;
                location / { return 200 "{{word}}"; }
                location /out { proxy_pass http://{{word}}.example/; }
            }
        }

        """);

    // What 'check' says of it before it is confined.
    private string Warned(string service, string profile)
    {
        Configure(service, profile, "");
        _host.Shell("systemctl daemon-reload").OrThrow();
        return _host.Product("check").OrThrow().Error;
    }

    private void Configure(string service, string profile, string options) => _host.Write(
        Laboratory.ConfigFile,
        _host.Config.Replace("[9091]", "[80, 9091, 9093]", StringComparison.Ordinal)
            + $"\n[services.{service}.vpn]\nnamespace = \"media\"\nhardeningProfile = \"{profile}\"\n{options}\n");

    private UplinkWatch Confine(string service, string profile, string options)
    {
        Configure(service, profile, options);
        _host.Shell("systemctl daemon-reload").OrThrow();
        _host.Product("apply").OrThrow();
        var watch = UplinkWatch.Begin(_laboratory);
        _host.Shell($"systemctl start {service} || {{ systemctl status {service} >&2; journalctl -q -n 40 -u {service} >&2; exit 1; }}").OrThrow();
        return watch;
    }

    private void AssertConfined(UplinkWatch watch, string service)
    {
        // The host link carries the answers of published ports; the uplink, the tunnel alone.
        Assert.DoesNotContain(watch.End(), p => !UplinkPolicy.IsTunnel(p) && !UplinkPolicy.IsUpkeep(p));
        Assert.Equal("active", _laboratory.Machine.UnitState($"{service}.service"));
        var status = _host.Product("status");
        Assert.True(status.ExitCode == 0, status.Output);
    }

    private void AssertLookedUp(params string[] names)
    {
        foreach (var name in names)
        {
            WaitUntil(() => _laboratory.World.PinnedResolver.Queries.Any(q => q.Name == name), $"looking up {name}");
            Assert.DoesNotContain(_laboratory.World.OrdinaryResolver.Queries.Concat(_laboratory.World.OtherResolver.Queries), q => q.Name == name);
        }
    }

    private string Get(string host, string path, int port = 80) => Talk(client => client.GetAsync(new Uri($"http://{host}:{port}{path}")));

    private void WaitForRpc(string request, string said) => Eventually.See(
        $"the answer to {request}", () => Rpc(request), answer => answer.Contains(said, StringComparison.Ordinal));

    // The first answer is a refusal that names the session.
    private string Rpc(string request) => Talk(async client =>
    {
        var uri = new Uri("http://transmission:9091/transmission/rpc");
        using var first = await client.PostAsync(uri, new StringContent(request));
        client.DefaultRequestHeaders.Add("X-Transmission-Session-Id", first.Headers.GetValues("X-Transmission-Session-Id"));
        return await client.PostAsync(uri, new StringContent(request));
    });

    // From the machine's own network, to the namespace's end of the host link.
    private string Talk(Func<HttpClient, Task<HttpResponseMessage>> talk)
    {
        var address = _laboratory.HostLinkAddress("NS");
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var socket = Sockets.Open(_laboratory.HostPlace, AddressFamily.InterNetwork, SocketType.Stream);
                await socket.ConnectAsync(address, context.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(20) };
        try
        {
            using var response = talk(client).GetAwaiter().GetResult();
            return Encoding.UTF8.GetString(response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult());
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }

    private void WaitUntil(Func<bool> condition, string what) =>
        Eventually.Holds(what, condition, () => _laboratory.Machine.Told());
}
