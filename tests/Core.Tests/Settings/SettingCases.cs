using VpnConfinement.Compile;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Config;
using VpnConfinement.Core.Tests.Validation;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Settings;

/// <summary>A confined service and its confined socket on a host, with lines added to their units.</summary>
internal static class SettingCases
{
    private const string Tables =
        "\n[services.app.vpn]\nnamespace = \"m\"\n[sockets.app.vpn]\nnamespace = \"m\"\n";

    private const string Profile = "securityProfile = \"highAssurance\"\negress.allowedCidrs = [\"192.0.2.0/24\"]\n";

    /// <summary>For each weighed setting a line that opens something.</summary>
    internal static IReadOnlyDictionary<string, string> Opening { get; } = new Dictionary<string, string>
    {
        ["Unit.JoinsNamespaceOf"] = "other.service",
        ["Unit.SurviveFinalKillSignal"] = "yes",
        ["Service.NetworkNamespacePath"] = "/run/netns/mine",
        ["Service.DelegateNamespaces"] = "net",
        ["Service.PrivateNetwork"] = "yes",
        ["Service.FileDescriptorStoreMax"] = "1",
        ["Service.LUOSession"] = "kept",
        ["Service.OpenFile"] = "/run/x",
        ["Service.PermissionsStartOnly"] = "yes",
        ["Service.PIDFile"] = "/run/dbus/app.pid",
        ["Service.Sockets"] = "host.socket",
        ["Service.ExecCondition"] = "|true",
        ["Service.ExecReload"] = "|true",
        ["Service.ExecReloadPost"] = "|true",
        ["Service.ExecStart"] = "|true",
        ["Service.ExecStartPost"] = "|true",
        ["Service.ExecStartPre"] = "|true",
        ["Service.ExecStop"] = "|true",
        ["Service.ExecStopPost"] = "|true",
        ["Service.DynamicUser"] = "no",
        ["Service.User"] = "root",
        ["Service.AmbientCapabilities"] = "CAP_NET_ADMIN",
        ["Service.BPFDelegateAttachments"] = "any",
        ["Service.BPFDelegateCommands"] = "any",
        ["Service.BPFDelegateMaps"] = "any",
        ["Service.BPFDelegatePrograms"] = "any",
        ["Service.CapabilityBoundingSet"] = "CAP_SYS_ADMIN",
        ["Service.Delegate"] = "yes",
        ["Service.DeviceAllow"] = "/dev/kvm",
        ["Service.FinalKillSignal"] = "SIGTERM",
        ["Service.KillMode"] = "process",
        ["Service.NoNewPrivileges"] = "no",
        ["Service.PAMName"] = "login",
        ["Service.PrivateDevices"] = "no",
        ["Service.PrivateUsers"] = "no\nUser=media",
        ["Service.ProtectControlGroups"] = "private",
        ["Service.ProtectKernelTunables"] = "no",
        ["Service.ProtectProc"] = "default",
        ["Service.ReadWriteDirectories"] = "/sys",
        ["Service.ReadWritePaths"] = "/proc/sys",
        ["Service.RestrictAddressFamilies"] = "AF_PACKET",
        ["Service.RestrictNamespaces"] = "no",
        ["Service.SendSIGKILL"] = "no",
        ["Service.StandardError"] = "append:/run/x",
        ["Service.StandardInput"] = "fd:host",
        ["Service.StandardOutput"] = "fd:host",
        ["Service.UserNamespacePath"] = "/proc/1/ns/user",
        ["Service.BindPaths"] = "/run",
        ["Service.BindReadOnlyPaths"] = "/run/dbus",
        ["Service.RootDirectory"] = "/srv/root",
        ["Service.RootImage"] = "/srv/root.img",
        ["Service.RootMStack"] = "/srv/root.mstack",
        ["Service.RuntimeDirectory"] = "dbus",
        ["Service.StateDirectory"] = "vpn-confinement",
        ["Service.ConfigurationDirectory"] = "vpn-confinement",
        ["Service.BindNetworkInterface"] = "eth0",
        ["Service.RestrictNetworkInterfaces"] = "wg0",
        ["Socket.DelegateNamespaces"] = "yes",
        ["Socket.NetworkNamespacePath"] = "/run/netns/mine",
        ["Socket.PrivateNetwork"] = "yes",
        ["Socket.Accept"] = "yes",
        ["Socket.Service"] = "gone.service",
        ["Socket.ExecStartPre"] = "+/bin/true",
        ["Socket.ExecStartPost"] = "|true",
        ["Socket.ExecStopPre"] = "/usr/bin/systemctl start x",
        ["Socket.ExecStopPost"] = "/bin/true",
        ["Socket.BindNetworkInterface"] = "eth0",
        ["Socket.RestrictNetworkInterfaces"] = "wg0",
    };

    /// <summary>What is found when lines are added to the service's unit, and to the socket's.</summary>
    internal static IReadOnlyList<Diagnostic> Findings(string service, string socket = "", bool assured = true) =>
        Check(service, socket, assured ? Profile : "").Findings;

    /// <summary>The drop-in of the service when lines are added to its unit.</summary>
    /// <param name="service">The lines.</param>
    /// <param name="ns">What the namespace has beside what works.</param>
    internal static string DropIn(string service, string ns = "")
    {
        var confinement = Assert.IsType<Confinement>(Check(service, "", ns).Confinement);
        return Compiler.Compile(confinement).Files.Single(f => f.Path == ServiceDropIn.PathOf("app.service")).Content;
    }

    private static (IReadOnlyList<Diagnostic> Findings, Confinement? Confinement) Check(
        string service, string socket, string ns)
    {
        const string Units = "/etc/systemd/system/";
        var text = Checked.Namespace("m", "wg0", ns) + Tables;
        var units = new Dictionary<string, string>
        {
            ["app.service"] = "[Service]\nDynamicUser=yes\nExecStart=/usr/bin/app\n" + service + "\n",
            ["app.socket"] = "[Socket]\nListenStream=80\n" + socket + "\n",
            ["host.socket"] = "[Socket]\nListenStream=81\n",
            ["host.service"] = "[Service]\nUser=media\nExecStart=/usr/bin/app\n",
        };
        var findings = new DiagnosticBag();
        var config = ConfigReader.Read([(new SourceText("config.toml", text), false)], findings)!;
        var facts = new HostFacts
        {
            Files = Validator.Requests(config).KeyFiles
                .ToDictionary(f => f, _ => (FileFact)new FileFact.Present(OthersCanRead: false, null)),
            Units = units.ToDictionary(
                u => u.Key, u => (UnitFact)new UnitFact.Present(u.Key, [new SourceText(Units + u.Key, u.Value)])),
            Installed = [.. units.Keys],
        };
        var confinement = Validator.Validate(config, facts, strict: false, findings);
        return (findings.Sorted(), confinement);
    }
}
