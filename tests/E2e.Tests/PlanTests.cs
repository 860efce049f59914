using System.Text.Json;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>What 'plan' says of a host, and that 'apply' then does that and nothing else.</summary>
[Trait("guarantees", "S-11 S-32")]
public sealed class PlanTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string State = "/var/lib/vpn-confinement";
    private const string DropIns = "/etc/systemd/system/downloader.service.d";
    private const string Unwatched = "systemctl stop vpn-confinement-watch@media; ";
    private const string Nft = "nsenter --net=/run/netns/media nft ";

    public void Dispose() => host.Reset();

    [Fact]
    public void A_first_plan_names_what_becomes_confined_and_leaves_the_host_as_it_was()
    {
        var before = host.Shell(Everything).Output;
        var plan = host.Product("plan");
        Assert.Equal(0, plan.ExitCode);
        Assert.Contains("+ /etc/systemd/system/wireguard-wg0.service\n", plan.Output, StringComparison.Ordinal);
        Assert.Contains("becoming confined:\n  downloader.service\n", plan.Output, StringComparison.Ordinal);
        Assert.Contains("because it becomes confined in namespace media", plan.Output, StringComparison.Ordinal);
        Assert.Equal(before, host.Shell(Everything).Output);
        Assert.False(host.Exists(State));
        Assert.False(host.Exists("/run/vpn-confinement"));
        Assert.Equal(6, host.Product("plan", "--detailed-exitcode").ExitCode);
    }

    [Fact]
    public void After_apply_there_is_nothing_to_do()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        var plan = host.Product("plan", "--detailed-exitcode");
        Assert.Equal((0, "nothing to do: the system is as the configuration says\n"), (plan.ExitCode, plan.Output));
        var json = JsonDocument.Parse(host.Product("plan", "--json").OrThrow().Output).RootElement;
        Assert.False(json.GetProperty("changes").GetBoolean());
        Assert.Equal(
            ["changes", "unconfined", "drift", "files", "keys", "namespaces", "adjusted", "repaired", "newlyConfined", "restarts", "stillToStart", "published", "watchers"],
            json.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void A_change_is_shown_line_by_line_with_what_it_takes_down()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config.Replace("[9091]", $"[9092]\ndns.servers = [\"{Addresses.PinnedResolver}\", \"10.64.0.99\"]", StringComparison.Ordinal));
        var before = host.Shell(Everything).Output;
        var plan = host.Product("plan");
        Assert.Equal(0, plan.ExitCode);
        Assert.Contains(
            "~ /var/lib/vpn-confinement/namespaces/media/ruleset.nft\n"
            + "      +resolvers: 10.64.0.99\n"
            + "      -TCP ports that the host may call: 9091\n      +TCP ports that the host may call: 9092\n",
            plan.Output,
            StringComparison.Ordinal);
        Assert.Contains("media (wg0) goes down, and up again with its services\n      because ", plan.Output, StringComparison.Ordinal);
        Assert.Contains("downloader.service  (runs now)\n      because namespace media goes down\n", plan.Output, StringComparison.Ordinal);
        Assert.Equal(before, host.Shell(Everything).Output);

        var json = JsonDocument.Parse(host.Product("plan", "--json").OrThrow().Output).RootElement;
        Assert.Equal("downloader.service", json.GetProperty("restarts")[0].GetProperty("unit").GetString());
        Assert.Equal("namespaceStops", json.GetProperty("restarts")[0].GetProperty("reasons")[0].GetProperty("kind").GetString());
        Assert.Contains(json.GetProperty("files").EnumerateArray(), f => f.GetProperty("change").GetString() == "changed" && f.GetProperty("diff").GetString()!.Contains("9092", StringComparison.Ordinal));
        host.Product("apply").OrThrow();
        Assert.Contains("nothing to do", host.Product("plan").OrThrow().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_key_is_named_and_never_shown()
    {
        host.Product("apply").OrThrow();
        var old = host.Read(Laboratory.ProviderFile);
        var keys = (string[])[host.Shell("wg genkey").OrThrow().Output.Trim(), old.Split("PrivateKey = ")[1].Split('\n')[0].Trim()];
        host.Write(Laboratory.ProviderFile, old.Replace(keys[1], keys[0], StringComparison.Ordinal));
        var said = host.Product("plan").Output + host.Product("plan", "--json").Output;
        host.Write(Laboratory.ProviderFile, old);
        Assert.Matches($@"key {State}/secrets/\S+ changes", said);
        Assert.All(keys, k => Assert.DoesNotContain(k, said, StringComparison.Ordinal));
    }

    // Without the key, or with a ruleset that its plan does not know, it cannot be told whether the living tunnel is as it was applied.
    [Theory]
    [InlineData("files", "altered", "echo '# mine' >> " + DropIns + "/zzzz-vpn-confinement.conf", "zzzz-vpn-confinement.conf was changed since it was applied", 4)]
    [InlineData("files", "absent", "rm " + State + "/namespaces/media/resolv.conf", "resolv.conf is missing", 4)]
    [InlineData("keys", "absent", "rm " + State + "/secrets/*", "is missing, or others than root may read it", 5)]
    [InlineData("keys", "altered", "chmod 644 " + State + "/secrets/*", "is missing, or others than root may read it", 4)]
    [InlineData("temporary files", "added", "echo x > " + State + "/namespaces/media/.plan.json.vpn-confinement-new", ".plan.json.vpn-confinement-new was left behind", 4)]
    [InlineData("temporary files", "added", "echo x > " + DropIns + "/.x.conf.vpn-confinement-new", ".x.conf.vpn-confinement-new was left behind", 4)]
    [InlineData("record", "altered", "sed -i s/9091/9099/ " + State + "/namespaces/media/ruleset.nft", "what was applied for namespace media (", 5)]
    [InlineData("record", "absent", "rm " + State + "/namespaces/media/plan.json", "what was applied for namespace media (", 5)]
    [InlineData("change", "altered", "sed -i '/sha256/s/: \".*\"/: \"\"/' " + State + "/manifest.json", "cut short", 4)]
    [InlineData("processes", "altered", Unwatched + "(sleep 1000 >/dev/null 2>&1 & echo $! > /sys/fs/cgroup/$(systemctl show -P ControlGroup downloader)/cgroup.procs)", "of downloader.service is outside its namespace", 4)]
    [InlineData("watcher", "absent", "systemctl stop vpn-confinement-watch@media", "vpn-confinement-watch@media.service does not run", 4)]
    [InlineData("watcher", "altered", "cp -a /usr/bin/vpn-confinement /root/new && mv /root/new /usr/bin/vpn-confinement", "vpn-confinement-watch@media.service runs a program that was replaced since", 4)]
    [InlineData("netns", "absent", Unwatched + "ip netns delete media", "the name /run/netns/media was deleted", 4)]
    [InlineData("ruleset", "absent", Unwatched + Nft + "flush ruleset", "the ruleset of namespace media is not the one that was loaded", 4)]
    [InlineData("ruleset", "altered", Unwatched + Nft + "flush chain inet vpnc output", "the ruleset of namespace media is not the one that was loaded", 4)]
    [InlineData("ruleset", "added", Unwatched + Nft + "insert rule inet vpnc output accept", "the ruleset of namespace media is not the one that was loaded", 4)]
    [InlineData("tunnel", "absent", Unwatched + "ip -n media link delete wg0", "wg0", 4)]
    [InlineData("tunnel", "altered", Unwatched + "ip -n media link set wg0 mtu 1300", "the link wg0 has another MTU than was applied", 4)]
    [InlineData("tunnel", "added", Unwatched + "ip -n media address add 10.99.0.1/32 dev wg0", "the link wg0 has other addresses than were applied", 4)]
    public void What_somebody_changed_is_named_by_plan_and_status_and_repaired_by_apply(
        string part, string damage, string change, string said, int exitStatus)
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Shell(change).OrThrow();
        var plan = host.Product("plan");
        Assert.Equal(4, plan.ExitCode);
        Assert.Contains(said, plan.Output.Split("files:")[0], StringComparison.Ordinal);
        using var json = JsonDocument.Parse(host.Product("plan", "--json").Output);
        Assert.Contains(
            json.RootElement.GetProperty("drift").EnumerateArray(), d => d.GetProperty("part").GetString() == part);
        var status = host.Product("status");
        Assert.True(status.ExitCode == exitStatus, $"{status.ExitCode}: {status.Output}");
        Assert.Contains(said, status.Output, StringComparison.Ordinal);

        var apply = host.Product("apply").OrThrow();
        Assert.Matches($"repairing: .*{System.Text.RegularExpressions.Regex.Escape(said)}", apply.Error);
        var after = host.Product("plan");
        Assert.True(
            after.ExitCode == 0 && after.Output.Contains("nothing to do", StringComparison.Ordinal),
            $"{part} ({damage}): {after.Output}");
        Assert.Equal(0, host.Product("status").ExitCode);
        Assert.Equal("active", host.Laboratory.Machine.UnitState("downloader.service"));
    }

    [Fact]
    [Trait("damage", "units: altered")]
    public void A_unit_that_systemd_has_loaded_otherwise_is_drift_and_stays_as_it_is()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Write(DropIns + "/zzzzz-mine.conf", "[Service]\nNetworkNamespacePath=\n");
        host.Shell("systemctl daemon-reload").OrThrow();
        host.RequireNamed("downloader.service is not confined as it was applied: NetworkNamespacePath");
        Assert.DoesNotContain("nothing to do", host.Product("plan").Output, StringComparison.Ordinal);
        Assert.Equal(3, host.Product("apply").ExitCode);
        host.Shell($"rm {DropIns}/zzzzz-mine.conf").OrThrow();

        // systemd has not read its files again, and plan does not have it read them.
        Assert.Equal(4, host.Product("plan").ExitCode);
        Assert.Contains("repaired by having systemd read its files again", host.Product("apply").OrThrow().Error, StringComparison.Ordinal);
        Assert.Equal(0, host.Product("plan").ExitCode);
    }

    [Fact]
    public void What_was_applied_is_not_guessed_where_its_record_is_damaged()
    {
        host.Product("apply").OrThrow();
        host.Shell($"cp {State}/manifest.json /root/; truncate -s 100 {State}/manifest.json").OrThrow();
        var results = ((string[])["plan", "status", "apply", "remove"]).Select(c => host.Product(c)).ToList();
        host.Shell($"mv /root/manifest.json {State}/").OrThrow();
        Assert.All(results, r => Assert.Equal(3, r.ExitCode));
        Assert.All(results, r => Assert.Contains($"{State}/manifest.json cannot be read", r.Error, StringComparison.Ordinal));
    }

    [Fact]
    public void Text_that_somebody_left_in_a_file_cannot_play_with_the_terminal()
    {
        host.Product("apply").OrThrow();
        host.Shell($"printf '# \\033]0;owned\\007\\n' >> {State}/namespaces/media/resolv.conf").OrThrow();
        var plan = host.Product("plan");
        Assert.Contains(@"# \u001b]0;owned\u0007", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', plan.Output);
        host.Product("apply").OrThrow();
    }

    [Fact]
    public void A_service_that_would_lose_its_confinement_comes_first()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config.Split("[services")[0]);
        var plan = host.Product("plan");
        Assert.Equal(0, plan.ExitCode);
        Assert.StartsWith("LOSE THEIR CONFINEMENT", plan.Output, StringComparison.Ordinal);
        Assert.Contains("  downloader.service  (runs now)\n", plan.Output, StringComparison.Ordinal);
        Assert.Equal("downloader.service", JsonDocument.Parse(host.Product("plan", "--json").Output).RootElement.GetProperty("unconfined")[0].GetString());
    }

    // What is on disk, in systemd and in the kernel.
    private const string Everything =
        "find /etc /var/lib/vpn-confinement -type f -printf '%p %T@ %s\\n' | sort; ls -R /run/vpn-confinement /run/netns; ip -d link; nft list ruleset; "
        + "systemctl show -p MainPID,NRestarts,NeedDaemonReload,InvocationID downloader wireguard-wg0 vpn-confinement-netns@media";
}
