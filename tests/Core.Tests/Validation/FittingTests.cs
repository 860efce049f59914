using VpnConfinement.Compile;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Linux.Facts;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>Units that real packages ship: what keeps them from working is named, or made to work.</summary>
public sealed class FittingTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vpnc-fitting-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("Type=oneshot\nExecStart=/bin/true", true)]
    [InlineData("Type=oneshot\nExecStart=/bin/sh -c :", true)]
    [InlineData("RemainAfterExit=yes\nExecStop=/bin/true", true)]
    [InlineData("Type=oneshot\nExecStart=/usr/bin/relay", false)]
    [InlineData("Type=oneshot\nExecStart=/bin/true\nExecStart=/usr/bin/relay", false)]
    [InlineData("Type=oneshot\nExecStart=/bin/true\nExecStartPost=/usr/bin/relay", false)]
    [InlineData("ExecStart=/bin/true", false)]
    public void A_unit_that_runs_nothing_is_refused_with_the_unit_that_does(string unit, bool isUmbrella)
    {
        Unit("relay.service", unit);
        Write("etc/systemd/system/relay@default.service", "[Unit]\nPartOf=relay.service\n[Service]\nUser=r\nExecStart=/usr/sbin/relayd\n");
        Write("etc/systemd/system/relay-all.service", "[Unit]\nPartOf=relay.service\n[Service]\nType=oneshot\nExecStart=/bin/true\n");
        Assert.Equal(isUmbrella ? ["relay@default"] : [], Check("relay").Where(f => f.Code == "VPC089")
            .Select(f => f.Remedy.Split('"')[1]));
    }

    [Theory]
    [InlineData("Type=dbus\nBusName=org.example.A", "", true)]
    [InlineData("BusName=org.example.A", "", true)]
    [InlineData("Type=exec\nBusName=org.example.A", "", false)]
    [InlineData("Type=dbus\nBusName=org.example.A", "dns.mode = \"compat\"", false)]
    [InlineData("Type=dbus\nBusName=org.example.A", "dns.allowHostResolverIPC = true", false)]
    public void A_service_that_waits_for_the_bus_is_refused_where_there_is_none(string unit, string ns, bool refused)
    {
        Unit("app.service", $"User=app\nExecStart=/usr/bin/app\n{unit}");
        Assert.Equal(refused, Check("app", ns: ns).Any(f => f.Code == "VPC098"));
    }

    [Theory]
    [InlineData("ReadWritePaths=/var /run /tmp", "ReadWritePaths=/var /tmp")]
    [InlineData("ReadWriteDirectories=-/run", "ReadWriteDirectories= with nothing after it under")]
    [InlineData("ReadOnlyPaths=+/var/run/", "ReadOnlyPaths= with nothing after it under")]
    public void Access_to_the_hosts_run_is_refused_with_the_lines_to_write(string setting, string remedy)
    {
        Unit("app.service", $"User=app\nExecStart=/usr/bin/app\n{setting}");
        var found = Assert.Single(Check("app"), f => f.Code == "VPC087");
        Assert.Contains(remedy, found.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("User=alice", "", "VPC122")]
    [InlineData("User=%i", "", "VPC122", "app@alice")]
    [InlineData("User=%i", "", "VPC122", "app@bob")]
    [InlineData("User=alice", "writePaths = [\"/home/alice/Downloads\"]", null)]
    [InlineData("User=alice\nReadWritePaths=/home/alice/Downloads", "", null)]
    [InlineData("User=alice\nProtectHome=no", "", null)]
    [InlineData("User=media", "", null)]
    [InlineData("User=media", "hardeningProfile = \"strict\"", "VPC122")]
    [InlineData("User=media\nStateDirectory=media", "hardeningProfile = \"strict\"", null)]
    [InlineData("User=nobody", "hardeningProfile = \"strict\"", null)]
    [InlineData("User=alice", "writePaths = [\"/home/alice\"]", "VPC113")]
    public void A_home_that_hardening_takes_is_named_with_the_line_that_gives_it_back(
        string setting, string options, string? code, string service = "app")
    {
        Unit(service.Contains('@', StringComparison.Ordinal) ? "app@.service" : "app.service", $"{setting}\nExecStart=/usr/bin/app");
        Assert.Equal(code is null ? [] : [code], Check(service, options).Select(f => f.Code));
    }

    [Fact]
    public void The_owner_of_a_folder_in_etc_of_its_name_is_looked_up()
    {
        Write("etc/app/settings", "");
        var owners = new HostFactsReader(_root).Read(new FactRequests([], [], ["app.service"])).FolderOwners;
        Assert.Empty(owners);
        Unit("app.service", "User=app\nExecStart=/usr/bin/app");
        owners = new HostFactsReader(_root).Read(new FactRequests([], [], ["app.service"])).FolderOwners;
        Assert.Equal(["/etc/app"], owners.Keys);
    }

    [Theory]
    [InlineData("", "ReadWritePaths=-/home/alice/x", "ProtectHome=read-only")]
    [InlineData("hardeningProfile = \"strict\"\n", "BindPaths=-/home/alice/x", "ProtectHome=tmpfs")]
    public void What_is_written_in_a_home_is_given_back_alone(string options, string line, string home)
    {
        Unit("app.service", "User=alice\nExecStart=/usr/bin/app");
        var text = DropIn("app", $"{options}writePaths = [\"/home/alice/x\", \"/srv/media\"]");
        Assert.Contains($"\n{line}\n", text, StringComparison.Ordinal);
        Assert.Contains($"\n{home}\n", text, StringComparison.Ordinal);
        Assert.Contains("\nReadWritePaths=-/srv/media\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("/etc/cron.d")]
    [InlineData("/etc/systemd/system")]
    [InlineData("/var")]
    [InlineData("/var/lib")]
    [InlineData("/var/lib/vpn-confinement/x")]
    [InlineData("/var/lib/docker")]
    [InlineData("/var/spool/cron/crontabs")]
    [InlineData("/usr/local/bin")]
    [InlineData("/run/x")]
    [InlineData("/home")]
    [InlineData("/home/bob/x")]
    [InlineData("/srv/link")]
    [InlineData("/srv/circle")]
    public void A_path_by_which_others_could_be_changed_is_refused(string path)
    {
        Unit("app.service", "User=alice\nExecStart=/usr/bin/app");
        Link("srv/link", "/etc/systemd");
        Link("srv/circle", "/srv/circle");
        Assert.Contains("VPC067", Check("app", $"writePaths = [\"{path}\"]").Select(f => f.Code));
    }

    [Fact]
    public void What_systemd_reads_is_refused_to_a_service_of_its_name_as_well()
    {
        Unit("systemd.service", "User=media\nExecStart=/usr/bin/app");
        Assert.Contains("VPC067", Check("systemd", "writePaths = [\"/etc/systemd/system\"]").Select(f => f.Code));
    }

    [Theory]
    [InlineData("/srv/media")]
    [InlineData("/var/lib/app")]
    [InlineData("/etc/app")]
    [InlineData("/srv/good")]
    public void Any_other_path_is_taken(string path)
    {
        Unit("app.service", "User=media\nExecStart=/usr/bin/app");
        Link("srv/good", "/srv/media");
        Assert.Empty(Check("app", $"writePaths = [\"{path}\"]"));
    }

    [Theory]
    [InlineData("SupplementaryGroups=render video", "SupplementaryGroups=render, SupplementaryGroups=video")]
    [InlineData("Group=dialout", "Group=dialout")]
    [InlineData("DeviceAllow=/dev/dri/card0 rw", "DeviceAllow=/dev/dri/card0")]
    [InlineData("User=sound", "group audio of sound")]
    [InlineData("SupplementaryGroups=render\nPrivateDevices=no", null)]
    [InlineData("DeviceAllow=/dev/null rw", null)]
    [InlineData("SupplementaryGroups=media", null)]
    public void Devices_that_are_hidden_are_named(string setting, string? named)
    {
        Unit("app.service", $"User=app\nExecStart=/usr/bin/app\n{setting}");
        var found = Check("app").Where(f => f.Code == "VPC123").ToList();
        Assert.Equal(named is null ? 0 : 1, found.Count);
        Assert.Contains(named ?? "", found.Select(f => f.Message).FirstOrDefault(""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("Type=oneshot", "", false)]
    [InlineData("CapabilityBoundingSet=", "", false)]
    [InlineData("User=app", "", false)]
    [InlineData("", "capabilities = [\"CAP_SETUID\"]", false)]
    public void A_daemon_that_starts_as_root_is_told_which_capabilities_it_lacks(string setting, string options, bool named)
    {
        Unit("app.service", $"ExecStart=/usr/sbin/app\n{setting}");
        Assert.Equal(named, Check("app", options).Any(f => f.Code == "VPC124"));
    }

    [Theory]
    [InlineData("ExecStartPre=/bin/mkdir -p /run/queue", "queue")]
    [InlineData("ExecStartPre=/usr/bin/install -Z -m 02755 -o q -g q -d /var/run/queue/sub", "queue/sub")]
    [InlineData("ExecStartPre=/bin/sh -c 'mkdir -p /run/queue && chown q /run/queue'", "queue")]
    [InlineData("ExecStartPre=/bin/mkdir -p /run/queue\nRuntimeDirectory=queue", null)]
    [InlineData("ExecStartPre=/bin/mkdir -p /run/dbus", null)]
    [InlineData("ExecStartPre=/bin/mkdir -p /run/%i", null)]
    [InlineData("ExecStartPre=/usr/bin/install -m 644 /run/queue /srv", null)]
    public void A_folder_that_its_own_command_makes_is_made_at_each_start(string setting, string? folder)
    {
        Unit("app.service", $"User=app\nExecStart=/usr/bin/app\n{setting}");
        var text = DropIn("app", "");
        Assert.Equal(folder is not null, text.Contains($"\nRuntimeDirectory={folder}\nBindPaths=/run/{folder}\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Folders_of_its_name_that_tmpfiles_makes_are_seen()
    {
        Unit("webd.service", "User=www\nExecStart=/usr/sbin/httpd\nExecStart=/usr/bin/screen -D");
        Write("usr/lib/tmpfiles.d/webd.conf", "d /run/webd 0755 root root -\nd! /var/run/httpd/cache 0755\nd /run/other\nd /run/screen 0775 root utmp\nd /run/dbus\nf /run/www/x\nd /run/%p\n");
        var text = DropIn("webd", "");
        Assert.Equal(
            ["-/run/httpd/cache", "-/run/webd"],
            text.Split('\n').Where(l => l.StartsWith("BindPaths=", StringComparison.Ordinal)).Select(l => l["BindPaths=".Length..]));
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("runPaths = [\"/run/screen\"]", "", false)]
    [InlineData("", "Environment=SCREENDIR=/srv/s", false)]
    public void A_program_with_sockets_of_its_own_in_run_is_named(string options, string setting, bool named)
    {
        Unit("term.service", $"User=app\nExecStart=/usr/bin/screen -d -m -fa -S t /usr/bin/seed\n{setting}");
        Assert.Equal(named, Check("term", options).Any(f => f.Code == "VPC122"));
    }

    [Theory]
    [InlineData("Prowlarr.dll", true)]
    [InlineData("Prowlarr.runtimeconfig.json", true)]
    [InlineData("libcoreclr.so", true)]
    [InlineData("README", false)]
    public void A_host_of_dotnet_is_known_by_the_files_beside_it(string beside, bool named)
    {
        Unit("prowlarr.service", "User=app\nExecStart=/opt/Prowlarr/Prowlarr -nobrowser");
        Write($"opt/Prowlarr/{beside}", "");
        Assert.Equal(named, Check("prowlarr", "hardeningProfile = \"strict\"").Any(f => f.Code == "VPC118"));
    }

    private List<Diagnostic> Check(string service, string options = "", string ns = "") => Run(service, options, ns).Findings;

    private string DropIn(string service, string options)
    {
        var (confinement, findings) = Run(service, options, "");
        Assert.DoesNotContain(findings, f => f.Severity == Severity.Error);
        var tree = Compiler.Compile(confinement!, "/usr/bin/vpn-confinement");
        return tree.Files.Single(f => f.Path == ServiceDropIn.PathOf($"{service}.service")).Content;
    }

    private (VpnConfinement.Model.Confinement? Confinement, List<Diagnostic> Findings) Run(string service, string options, string ns)
    {
        Write("etc/passwd", "alice:x:1000:1000::/home/alice:/usr/sbin/nologin\nbob:x:1001:1001::/home/bob:/usr/sbin/nologin\n"
            + "media:x:110:110::/var/lib/media:/usr/sbin/nologin\nsound:x:111:111::/:/bin/false\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n");
        Write("etc/group", "audio:x:29:sound\nmedia:x:110:\n");
        var text = $"{Checked.Namespace("m", "wg0", ns)}\n[services.\"{service}\".vpn]\nnamespace = \"m\"\n{options}\n";
        var findings = new DiagnosticBag();
        var config = ConfigReader.Read([(new SourceText("config.toml", text), false)], findings);
        Write("etc/wireguard/m.key", Checked.Key);
        File.SetUnixFileMode(Path.Combine(_root, "etc/wireguard/m.key"), UnixFileMode.UserRead);
        var facts = new HostFactsReader(_root).Read(Validator.Requests(config!));
        var confinement = Validator.Validate(config!, facts, strict: false, findings);
        return (confinement, [.. findings.Sorted().Where(f => f.Code is not ("VPC100" or "VPC114"))]);
    }

    private void Unit(string name, string service) => Write($"etc/systemd/system/{name}", $"[Service]\n{service}\n");

    private void Write(string path, string text)
    {
        var place = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, text);
    }

    private void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
        File.CreateSymbolicLink(Path.Combine(_root, path), target);
    }
}
