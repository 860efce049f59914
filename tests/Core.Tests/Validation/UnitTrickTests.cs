using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>Settings of a unit's own that are written so that systemd reads something else in them than one who skims.</summary>
public sealed class UnitTrickTests
{
    private const string Ordinary = "[Service]\nDynamicUser=yes\nExecStart=/usr/bin/app\n";

    [Theory]
    [InlineData("ExecStartPre=\"+/usr/bin/nsenter\" -t 1 -n /usr/bin/app")]
    [InlineData("ExecStartPre='-+/usr/bin/nsenter' -t 1 -n /usr/bin/app")]
    [InlineData("ExecStartPre=\\x2b/usr/bin/nsenter -t 1 -n /usr/bin/app")]
    [InlineData("ExecStartPre=\\053/usr/bin/nsenter -t 1 -n /usr/bin/app")]
    [InlineData("ExecStartPre=\\u002b/usr/bin/nsenter -t 1 -n /usr/bin/app")]
    [InlineData("ExecStartPre=/bin/true ; +/usr/bin/nsenter -t 1 -n /usr/bin/app")]
    [InlineData("# \rExecStartPre=+/usr/bin/nsenter -t 1 -n /usr/bin/app")]
    [InlineData("ExecStopPost=+/usr/bin/nsenter\nExecStopPost=\u00a0")]
    [InlineData("StandardInput=file:/run/dbus/system_bus_socket")]
    [InlineData("StandardOutput=append:/var/run/docker.sock")]
    [InlineData("StandardError=truncate:%t/docker.sock")]
    [InlineData("StandardInput=file:/proc/1/root/run/docker.sock")]
    public void What_runs_or_opens_something_outside_is_refused_in_highAssurance(string setting) => Assert.Contains("VPC086", Codes(setting, assured: true));

    [Theory]
    [InlineData("ExecStartPre=\"!/usr/bin/app\"")]
    [InlineData("ExecStartPre=/bin/true ; !/usr/bin/app")]
    public void A_command_as_root_is_refused_in_highAssurance(string setting) => Assert.Contains("VPC078", Codes(setting, assured: true));

    [Theory]
    [InlineData("BindPaths=/proc/1/root/run:/srv/run")]
    [InlineData("BindReadOnlyPaths=/proc/self/root:/srv/host")]
    [InlineData("BindPaths=/proc/1/cwd:/srv/host")]
    [InlineData("BindPaths=/r\\un:/srv/run")]
    [InlineData("BindPaths=/%p:/srv/run", "run.service")]
    [InlineData("BindPaths=/var/%N:/srv/run", "run.service")]
    [InlineData("BindPaths=/%i:/srv/run", "app@run.service")]
    [InlineData("BindPaths=/%i:/srv/run", "app@.service")]
    [InlineData("BindPaths=/var/%I:/srv/run", "app@.service")]
    [InlineData("RuntimeDirectory=%p", "dbus.service")]
    [InlineData("RuntimeDirectory=%i", "app@dbus.service")]
    [InlineData("PIDFile=/run/%p/app.pid", "systemd.service")]
    [InlineData("PIDFile=/run/%I/app.pid", "app@dbus.service")]
    public void What_brings_the_hosts_run_back_by_another_name_is_refused(string setting, string unit = "app.service") => Assert.Contains("VPC087", Codes(setting, assured: false, unit));

    // systemd gives such a folder, with all in it, to the service's user.
    [Theory]
    [InlineData("StateDirectory=vpn-confinement")]
    [InlineData("StateDirectory=app vpn-confinement/namespaces")]
    [InlineData("StateDirectory=app:vpn-confinement")]
    [InlineData("StateDirectory=%p", "vpn-confinement.service")]
    [InlineData("ConfigurationDirectory=vpn-confinement/conf.d")]
    [InlineData("RuntimeDirectory=vpn-confinement")]
    [InlineData("RuntimeDirectory=./vpn-confinement//locks")]
    [InlineData("LogsDirectory=../lib/vpn-confinement")]
    public void A_folder_of_this_program_is_given_to_no_service(string setting, string unit = "app.service") => Assert.All(
        (string[])["", "dns.mode = \"compat\""], dns => Assert.Contains("VPC087", Codes(setting, assured: false, unit, dns)));

    [Theory]
    [InlineData("StandardOutput=append:/var/log/app.log")]
    [InlineData("StandardInput=null")]
    [InlineData("BindPaths=/srv/%p:/var/lib/app")]
    [InlineData("BindReadOnlyPaths=/proc/sys/kernel")]
    [InlineData("BindPaths=/var/lib/%i", "app@.service")]
    [InlineData("RuntimeDirectory=%p/sub %N")]
    [InlineData("RuntimeDirectory=app/%i", "app@.service")]
    [InlineData("StateDirectory=app vpn-confinement-app")]
    [InlineData("LogsDirectory=vpn-confinement")]
    [InlineData("RuntimeDirectory=app-%I", "app@.service")]
    [InlineData("PIDFile=/run/%p/app.pid")]
    [InlineData("ExecStartPre=/usr/bin/find / -exec /bin/echo {} \\; -size +1")]
    public void What_does_neither_is_taken(string setting, string unit = "app.service") => Assert.Empty(Codes(setting, assured: true, unit));

    private static IReadOnlyList<string> Codes(string setting, bool assured, string unit = "app.service", string options = "")
    {
        var profile = assured ? "securityProfile = \"highAssurance\"\negress.allowedCidrs = [\"192.0.2.0/24\"]\n" : "";
        var text = Checked.Namespace("m", "wg0", profile + options) + $"\n[services.\"{unit}\".vpn]\nnamespace = \"m\"\n";
        var findings = new DiagnosticBag();
        var config = ConfigReader.Read([(new SourceText("config.toml", text), false)], findings)!;
        var requests = Validator.Requests(config);
        var facts = new HostFacts
        {
            Files = requests.KeyFiles.ToDictionary(f => f, _ => (FileFact)new FileFact.Present(OthersCanRead: false, null)),
            Units = requests.Units.ToDictionary(u => u, u => (UnitFact)new UnitFact.Present(u, [new SourceText("/etc/systemd/system/" + u, Ordinary + setting + "\n")])),
            Installed = [unit],
        };
        _ = Validator.Validate(config, facts, strict: false, findings);
        return [.. findings.Sorted().Select(f => f.Code)];
    }
}
