using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What is installed of nftables changes under a running service: another version of the library, as an upgrade or a
/// downgrade brings it, and none that can be loaded. On the test machine's own Debian the other version is a copy of
/// the same one.
/// </summary>
[Trait("guarantees", "S-25 S-32")]
[Collection("lab")]
public sealed class NftablesLibraryTests : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Watcher = "vpn-confinement-watch@media.service";
    private const string Before = "/root/nftables-before";
    private const string Other = "/root/nftables-other";
    private const string Run = "/run/vpn-confinement";
    private static readonly string[] Libraries = ["libnftables.so.1", "libnftnl.so.11"];

    private readonly BadHostFixture _host;
    private string _began = "";
    private string _tunnel = "";

    public NftablesLibraryTests(BadHostFixture host)
    {
        _host = host;
        _host.Shell($"mkdir -p {Before} {Other}").OrThrow();
        foreach (var name in Libraries)
        {
            _host.Shell($"cp -L /usr/lib/*-linux-gnu/{name} {Before}/{name}").OrThrow();
            var source = Directory.GetDirectories("/usr/lib", "*-linux-gnu").Select(d =>
                Path.Combine(d, name)).First(File.Exists);
            File.Copy(source, $"{host.Laboratory.Machine.Root}{Other}/{name}", overwrite: true);
        }

        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        host.Laboratory.Machine.RequireUnit(Watcher, "active");
        Begin();
    }

    public void Dispose()
    {
        Install(Before);
        _host.Shell($"rm -r {Before} {Other}").OrThrow();
        _host.Reset();
    }

    [Fact]
    public void Another_version_is_no_damage_and_each_repairs_what_the_other_loaded()
    {
        foreach (var version in (string[])[Other, Before])
        {
            // As dpkg does: what runs keeps what it has loaded.
            Begin();
            Install(version);
            Quiet();

            // As needrestart does.
            _host.Shell($"systemctl restart {Watcher}").OrThrow();
            _host.Laboratory.Machine.RequireUnit(Watcher, "active");
            Quiet();
            Assert.Contains("nothing to do", _host.Product("apply").OrThrow().Error, StringComparison.Ordinal);
            Damaged("nsenter --net=/run/netns/media -- nft insert rule inet vpnc output accept",
                "the rules of chain output were changed");
            Damaged("nft insert rule inet $(nft list tables | grep -o 'vpnc_host.*') forward accept",
                "the rules of chain forward were changed");
        }
    }

    [Fact]
    public void A_library_that_cannot_be_loaded_is_named_and_opens_nothing()
    {
        _host.Shell(
            $"for l in /usr/lib/*-linux-gnu/libnftables.so.1; do f=$(readlink -f $l); echo none > $f.new; mv -f $f.new $f; done").OrThrow();
        Assert.Equal(0, _host.Product("status").ExitCode);
        var plan = _host.Product("plan");
        Assert.NotEqual(0, plan.ExitCode);
        Assert.Contains("libnftables.so.1 cannot be loaded", plan.Error, StringComparison.Ordinal);
        _host.Shell($"systemctl restart {Watcher}").OrThrow();
        _host.Shell($"nsenter --net=/run/netns/media -- env LD_LIBRARY_PATH={Before} nft add chain inet vpnc more")
            .OrThrow();
        _host.WaitForEntry("repair-failed", _began, "libnftables.so.1 cannot be loaded");

        // The watcher goes on to make the namespace anew, which fails as well: then it is down, and stays so.
        var status = _host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Matches("chain more was added|✗ media  down", status.Output);
        Install(Before);
        _host.WaitForStatus();
    }

    [Fact]
    public void A_table_that_an_older_version_of_the_program_loaded_disturbs_nothing()
    {
        OldRecords();
        Assert.DoesNotContain("loaded", _host.Product("status").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("loaded", _host.Product("plan").Output, StringComparison.Ordinal);
        _host.Shell("systemctl start vpn-confinement-gate-media@downloader.service.service").OrThrow();
        Assert.Equal("", _host.Shell($"ls {Run} | grep parts || true").OrThrow().Output.Trim());
        var tunnel = Invocation(Laboratory.TunnelUnit);
        _host.Shell($"systemctl start {Watcher}").OrThrow();
        Eventually.Holds("the records are written anew", () => _host.Exists($"{Run}/media.ruleset.parts")
            && _host.Exists($"{Run}/media.host-ruleset.parts"));
        _host.WaitForEntry("renewed", _began);
        Assert.Equal(tunnel, Invocation(Laboratory.TunnelUnit));
        Assert.Equal("", Entries("damaged"));
        Assert.Equal(0, _host.Product("status").ExitCode);
    }

    [Fact]
    public void One_that_is_not_what_its_text_makes_is_loaded_again_in_place()
    {
        OldRecords();
        _host.Shell("nsenter --net=/run/netns/media -- nft insert rule inet vpnc forward accept").OrThrow();
        var status = _host.Product("status");
        Assert.NotEqual(0, status.ExitCode);
        Assert.Contains("it is not known whether the ruleset of namespace media is the one that was loaded", status.Output,
            StringComparison.Ordinal);
        var plan = _host.Product("plan");
        Assert.Contains("repaired in place, without a restart:", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("downloader", plan.Output.Split("files:")[0], StringComparison.Ordinal);
        Assert.Contains("repairing: it is not known whether", _host.Product("apply").OrThrow().Error, StringComparison.Ordinal);
        Assert.Equal(_tunnel, Invocation(Laboratory.TunnelUnit));
        Assert.Equal(0, _host.Product("status").ExitCode);
        Assert.Equal("", _host.Shell(
            "nsenter --net=/run/netns/media -- nft list chain inet vpnc forward | grep accept || true").OrThrow()
            .Output.Trim());
    }

    private void Begin()
    {
        _began = _host.Now();
        _tunnel = Invocation(Laboratory.TunnelUnit);
    }

    private void Install(string from) => _host.Shell(
        $"for n in {string.Join(' ', Libraries)}; do for l in /usr/lib/*-linux-gnu/$n; do f=$(readlink -f $l); cp {from}/$n $f.new; mv -f $f.new $f; done; done").OrThrow();

    private void Quiet()
    {
        Assert.Equal("", Entries("damaged"));
        _host.RequireWhole();
        Assert.Equal(_tunnel, Invocation(Laboratory.TunnelUnit));
    }

    // Made by the nft that belongs to the machine, and found by the program with whichever library is there; repaired
    // without and with a watcher.
    private void Damaged(string damage, string named)
    {
        var command = damage.Replace("nft ", $"env LD_LIBRARY_PATH={Before} nft ", StringComparison.Ordinal);
        _host.StopWatching();
        _host.Shell(command).OrThrow();
        Assert.Contains(named, _host.Product("status").Output, StringComparison.Ordinal);
        Assert.Contains(named, _host.Product("plan").Output, StringComparison.Ordinal);
        _host.Product("apply").OrThrow();
        _host.RequireWhole();
        _host.Shell(command).OrThrow();
        _host.WaitForEntry("damaged", _began, named);
        _host.WaitUntilWhole();
    }

    // What a version before this one left: table, hash of its text, hash of a listing.
    private void OldRecords()
    {
        _host.StopWatching();
        _host.Shell(
            $"cd {Run}; for r in *.parts; do echo \"$(sed -n 2p $r) $(printf %064d 0)\" > ${{r%.parts}}; rm $r; done")
            .OrThrow();
    }

    private string Entries(string happening) => _host.Entries(happening, _began).Trim();

    private string Invocation(string unit) => _host.Shell($"systemctl show -p InvocationID --value {unit}").OrThrow()
        .Output.Trim();
}
