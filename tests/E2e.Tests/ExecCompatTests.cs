using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>Commands in a namespace whose DNS is not contained: what <c>exec --help</c> says of it.</summary>
public sealed class ExecCompatTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    public void Dispose() => host.Reset();

    [Fact]
    public void Any_resolver_is_asked_through_the_tunnel_and_the_hosts_run_is_seen()
    {
        LabPackages.Unpack(host, "programs", "/usr/bin/dig");
        host.Write(Laboratory.ConfigFile, host.Config.Replace(
            "[services", "dns.mode = \"compat\"\n\n[services", StringComparison.Ordinal));
        host.Product("apply").OrThrow();
        var watch = UplinkWatch.Begin(host.Laboratory);
        Assert.Equal(
            $"{Addresses.OtherAnswer}\n",
            Exec("dig", "+short", $"@{Addresses.OtherResolver}", "compat.example"));
        watch.RequireTunnelOnly("a command asked another resolver");
        var asked = Assert.Single(host.Laboratory.World.OtherResolver.Queries, q => q.Name == "compat.example");
        Assert.Equal(Addresses.Provider, asked.Caller);

        // Another program than the command, which systemd starts.
        var inside = Exec("readlink", "/proc/self/ns/net");
        Assert.NotEqual(host.Shell("readlink /proc/self/ns/net").Output, inside);
        Assert.Equal(
            host.Shell("readlink /proc/self/ns/net").Output,
            Exec("systemd-run", "--quiet", "--pipe", "--wait", "readlink", "/proc/self/ns/net"));
    }

    private string Exec(params string[] command) => host.Product(["exec", "media", "--", .. command]).OrThrow().Output;
}
