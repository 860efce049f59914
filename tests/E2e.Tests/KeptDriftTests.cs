using System.Globalization;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>What is kept to go back to, and what nothing applied names: lost or damaged it is named, blocks nothing, and opens nothing.</summary>
[Trait("guarantees", "S-12 S-32")]
public sealed class KeptDriftTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string State = "/var/lib/vpn-confinement";
    private const string DropIn = "/etc/systemd/system/downloader.service.d/zzzz-vpn-confinement.conf";

    public void Dispose() => host.Reset();

    [Theory]
    [InlineData("generations", "altered", "truncate -s 100 ")]
    [InlineData("generations", "absent", "rm ")]
    [InlineData("generations", "altered", "echo x >> ")]
    public void What_an_unconfirmed_change_would_go_back_to_is_named_when_it_is_lost(
        string part, string damage, string change)
    {
        Start();
        WritePort(9099);
        host.Product("apply", "--confirm", "600").OrThrow();
        host.Shell($"{change}{State}/generations/1").OrThrow();
        host.RequireNamed("cannot go back to it: run 'vpn-confinement confirm' to keep that change");
        Assert.True(
            host.Laboratory.Machine.UnitState("downloader.service") == "active",
            $"{part} ({damage}) stopped the service");
        host.Product("apply").OrThrow();
        host.RequireWhole();
    }

    [Fact]
    public void A_damaged_record_of_an_unconfirmed_change_is_named_and_blocks_nothing()
    {
        Start();
        WritePort(9099);
        host.Product("apply", "--confirm", "600").OrThrow();
        host.Shell($"truncate -s 10 {State}/pending.json").OrThrow();
        host.RequireNamed("does not go back by itself, and the next 'apply' keeps it", exitStatus: 5);
        host.Shell("systemctl restart downloader").OrThrow();
        host.Product("apply").OrThrow();
        host.RequireWhole();
        Assert.False(host.Exists($"{State}/pending.json"));
    }

    [Fact]
    public void A_damaged_generation_is_named_and_the_next_apply_deletes_it()
    {
        Start();
        WritePort(9099);
        host.Product("apply").OrThrow();
        host.Shell($"truncate -s 100 {State}/generations/1").OrThrow();
        host.RequireNamed($"generation 1 ({State}/generations/1) is damaged");
        Assert.Contains("repairing: generation 1 ", host.Product("apply").OrThrow().Error, StringComparison.Ordinal);
        Assert.False(host.Exists($"{State}/generations/1"));
        host.RequireWhole();
    }

    [Fact]
    public void The_applied_generation_is_named_by_plan_as_well()
    {
        Start();
        host.Shell($"truncate -s 100 {State}/generations/1").OrThrow();
        host.RequireNamed("the next 'apply' keeps it anew");
        host.Product("apply").OrThrow();
        host.RequireWhole();
    }

    [Fact]
    public void Ten_are_kept_and_the_one_to_go_back_to()
    {
        Start();
        for (var port = 9100; port < 9112; port++)
        {
            WritePort(port);
            host.Product("apply", "--confirm", "600").OrThrow();
        }

        Assert.Equal("1 4 5 6 7 8 9 10 11 12 13", host.Shell($"ls {State}/generations | grep -x '[0-9]*' | sort -n | xargs").Output.Trim());
        host.RequireWhole();
        host.Product("confirm").OrThrow();
        WritePort(9200);
        host.Product("apply").OrThrow();
        Assert.Equal("5 6 7 8 9 10 11 12 13 14", host.Shell($"ls {State}/generations | grep -x '[0-9]*' | sort -n | xargs").Output.Trim());
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("older")]
    [Trait("damage", "files: added")]
    public void A_service_that_no_manifest_and_no_configuration_names_is_asked_about(string manifest)
    {
        host.Write(Laboratory.ConfigFile, host.Config.Split("[services")[0]);
        host.Product("apply").OrThrow();
        host.Shell($"cp {State}/manifest.json /root/older.json").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config);
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config.Split("[services")[0]);
        host.Shell(manifest == "lost" ? $"rm {State}/manifest.json" : $"cp /root/older.json {State}/manifest.json").OrThrow();

        var plan = host.Product("plan");
        Assert.Equal(4, plan.ExitCode);
        Assert.StartsWith("LOSE THEIR CONFINEMENT", plan.Output, StringComparison.Ordinal);
        Assert.Contains("  downloader.service  (runs now)\n", plan.Output, StringComparison.Ordinal);
        Assert.Contains($"{DropIn} is there, and not known as applied", plan.Output, StringComparison.Ordinal);
        var status = host.Product("status");
        Assert.Equal(manifest == "lost" ? 3 : 4, status.ExitCode);
        Assert.Contains(manifest == "lost" ? "what was applied is not known" : $"{DropIn} is there, and not known as applied", status.Output + status.Error, StringComparison.Ordinal);
        var refused = host.Product("apply");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("these services would lose their confinement: downloader.service", refused.Error, StringComparison.Ordinal);
        Assert.True(host.Exists(DropIn));

        host.Product("apply", "--allow-unconfine").OrThrow();
        Assert.NotEqual("active", host.Laboratory.Machine.UnitState("downloader.service"));
        Assert.Equal("", host.Shell("ls -d /etc/systemd/system/downloader.service.*").Output);

        // Nobody needs the namespace any more: it goes down.
        host.WaitForStatus();
    }

    [Fact]
    public void A_whole_namespace_that_no_manifest_and_no_configuration_names_goes_with_its_service()
    {
        Start();
        host.Write(Laboratory.ConfigFile, host.Config.Replace("media", "films", StringComparison.Ordinal).Replace("downloader", "ordinary", StringComparison.Ordinal));
        host.Shell($"rm {State}/manifest.json").OrThrow();
        host.Shell("systemctl restart downloader");
        Assert.True(host.Laboratory.Machine.UnitState("downloader.service") != "active" || host.Laboratory.Downloader.Get(Addresses.Web).Value == $"{Addresses.Provider}");
        Assert.Contains("would lose their confinement: downloader.service", host.Product("apply").Error, StringComparison.Ordinal);
        host.Product("apply", "--allow-unconfine").OrThrow();
        Assert.NotEqual("active", host.Laboratory.Machine.UnitState("downloader.service"));
        Assert.Equal("", host.Shell("ls -d /etc/systemd/system/*media* /run/netns/media /etc/systemd/system/downloader.service.* /var/lib/vpn-confinement/namespaces/media").Output);
        var manifest = host.Read($"{State}/manifest.json");
        Assert.All(host.Shell($"ls {State}/secrets").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), key => Assert.Contains($"/secrets/{key}\"", manifest, StringComparison.Ordinal));
    }

    [Fact]
    public void Remove_asks_about_it_and_takes_it_away_as_well()
    {
        Start();
        host.Shell($"cp {State}/manifest.json /root/manifest.json").OrThrow();
        host.Write("/etc/systemd/system/other.service", "[Service]\nDynamicUser=yes\nExecStart=/bin/sleep infinity\n");
        host.Write(Laboratory.ConfigFile, host.Config + "\n[services.other.vpn]\nnamespace = \"media\"\n");
        host.Shell("systemctl daemon-reload").OrThrow();
        host.Product("apply").OrThrow();
        host.Shell($"cp /root/manifest.json {State}/manifest.json").OrThrow();
        Assert.Contains("other.service", host.Product("remove").Error, StringComparison.Ordinal);
        host.Product("remove", "--allow-unconfine").OrThrow();
        Assert.Equal("", host.Shell("grep -rl 'Made by vpn-confinement' /etc/systemd/system").Output);
        host.Shell("rm /etc/systemd/system/other.service; systemctl daemon-reload").OrThrow();
    }

    private void Start()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
    }

    private void WritePort(int port) => host.Write(Laboratory.ConfigFile, host.Config.Replace("[9091]", $"[{port.ToString(CultureInfo.InvariantCulture)}]", StringComparison.Ordinal));
}
