using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// Debian's package beside a confined service that sends all the time: nothing gets out and nothing is released,
/// whatever dpkg does.
/// </summary>
[Trait("guarantees", "S-12")]
public sealed class PackageTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Watcher = "vpn-confinement-watch@media.service";

    // dpkg asks for the libraries of its own records; the machine's root has them under any.
    private const string Install = "dpkg --force-depends --force-downgrade -i /root/packages/";

    public void Dispose()
    {
        host.Shell("dpkg -P vpn-confinement; cp -a /root/kept/. /usr/bin; rm -rf /root/kept /root/packages").OrThrow();
        host.Reset();
    }

    [Fact]
    public void An_upgrade_restarts_the_watcher_and_nothing_else_and_removal_releases_nobody()
    {
        Take();
        host.Shell(Install + "old.deb").OrThrow();
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Laboratory.Machine.RequireUnit(Watcher, "active");
        RequireTunnel();
        var (service, tunnel, watcher) = Runs();
        var watch = UplinkWatch.Begin(host.Laboratory);

        host.Shell(Install + "new.deb").OrThrow();
        Assert.Equal((service, tunnel), (host.Invocation("downloader"), host.Invocation(Laboratory.TunnelUnit)));
        host.WaitForAnotherRun(Watcher, watcher);
        host.WaitForStatus();
        RequireTunnel();

        host.Shell(Install + "old.deb").OrThrow();
        Assert.Equal((service, tunnel), (host.Invocation("downloader"), host.Invocation(Laboratory.TunnelUnit)));
        host.WaitForStatus();

        var removed = host.Shell("dpkg -r vpn-confinement").OrThrow();
        Assert.Contains("still confined: downloader.service", removed.Error, StringComparison.Ordinal);
        Assert.False(host.Exists("/usr/bin/vpn-confinement"));
        RequireTunnel();
        host.Shell("dpkg -P vpn-confinement; systemctl daemon-reload").OrThrow();
        RequireTunnel();
        Assert.NotEqual(0, host.Shell("systemctl restart downloader").ExitCode);
        Assert.Empty(host.Laboratory.Machine.ProcessesOf("downloader.service"));
        Assert.Empty(watch.EndStray());

        host.Shell(Install + "new.deb").OrThrow();
        var started = host.Shell("systemctl start downloader");
        Assert.True(started.Succeeded, host.Shell("journalctl -q -o short-precise --no-pager -n 60").Output);
        RequireTunnel();
        host.WaitForStatus();
    }

    [Fact]
    public void What_the_message_of_a_removal_names_releases_without_the_program()
    {
        Take();
        host.Shell(Install + "old.deb").OrThrow();
        host.Product("apply").OrThrow();
        var said = host.Shell("dpkg -r vpn-confinement").OrThrow().Error;
        var lines = said.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lines.Count);
        Assert.NotEqual(0, host.Shell("systemctl restart downloader").ExitCode);
        host.Shell(string.Join('\n', lines)).OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        Assert.Equal($"{Addresses.Machine}", $"{host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
        host.Shell("systemctl stop downloader").OrThrow();
    }

    // The program itself makes way for its package.
    private void Take()
    {
        var folder = host.Laboratory.Machine.Root + "/root/packages";
        Directory.CreateDirectory(folder);
        File.Move(Packages.Build("deb", "1.0.0", folder), Path.Combine(folder, "old.deb"));
        File.Move(Packages.Build("deb", "1.0.1", folder), Path.Combine(folder, "new.deb"));
        host.Shell("mkdir /root/kept && mv /usr/bin/vpn-confinement* /root/kept").OrThrow();
    }

    private (string Service, string Tunnel, string Watcher) Runs() =>
        (host.Invocation("downloader"), host.Invocation(Laboratory.TunnelUnit), host.Invocation(Watcher));

    private void RequireTunnel() =>
        Assert.Equal($"{Addresses.Provider}", $"{host.Laboratory.Downloader.GetInTime(Addresses.Web)}");
}
