using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

[Trait("guarantees", "S-18")]
[Collection("root")]
public sealed class BirthplaceTests : IDisposable
{
    private readonly TestPlan _test = new();
    private readonly TestPlan _outer = new();

    public void Dispose()
    {
        WireGuardDown.Run(_test.Name, _test.Interface, _test.Log.Add);
        _outer.Down();
        _outer.Dispose();
        _test.Dispose();
    }

    [Fact]
    public void The_socket_is_in_the_netns_of_somebody_else_and_the_link_in_ours()
    {
        using var other = new OtherNetns("theirs");
        var stored = Born("theirs", managed: false);
        _test.Up(stored);
        _test.WireGuard(stored);

        Assert.Contains("41999", Shell.In("theirs", "ss -Huln"), StringComparison.Ordinal);
        Assert.DoesNotContain("41999", Shell.Run("ss -Huln") + _test.In("ss -Huln"), StringComparison.Ordinal);
        Assert.Contains(_test.Interface, _test.In("ip -o link"), StringComparison.Ordinal);
        Assert.DoesNotContain("tun", Shell.In("theirs", "ip -d link") + Shell.Run("ip -d link"), StringComparison.Ordinal);
        Assert.Equal(other.Inode, Shell.Run($"stat -Lc %i /proc/$(pgrep -f 'wireguard-go -f {Userspace()}$')/ns/net"));
        Assert.True(WireGuardStatus.HasBirthplace(_test.Name));
        _test.WireGuard(stored);
        Assert.Empty(_test.Log);
    }

    [Fact]
    public void A_tunnel_inside_a_tunnel_leaves_through_it_alone()
    {
        var outer = _outer.Stored();
        _outer.Up(outer);
        _outer.WireGuard(outer);
        var stored = Born(_outer.Name, managed: true);
        _test.Up(stored);
        var before = Sent();
        _test.WireGuard(stored);
        Assert.Contains("41999", _outer.In("ss -Huln"), StringComparison.Ordinal);

        // What it sends, a handshake at once because of its keepalives, goes into the outer tunnel.
        ulong Sent()
        {
            // The unanswered handshakes of the outer one itself are not on its link.
            return ulong.Parse(_outer.In($"ip -s -j link show {_outer.Interface}").Split("\"tx\":{\"bytes\":")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
        }

        Assert.True(SpinWait.SpinUntil(() => Sent() > before, TimeSpan.FromMinutes(1)), $"still {Sent()} bytes");
        WireGuardDown.Run(_test.Name, _test.Interface, _test.Log.Add);
        Assert.DoesNotContain("41999", _outer.In("ss -Huln"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_birthplace_that_is_not_there_blocks_and_is_named()
    {
        var stored = Born("nowhere", managed: false);
        _test.Up(stored);
        var failure = Assert.Throws<SystemFailure>(() => _test.WireGuard(stored));
        Assert.Contains("there is no /run/netns/nowhere", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_test.Interface, _test.In("ip -o link"), StringComparison.Ordinal);
        Assert.Contains("policy drop", _test.In("nft list table inet vpnc"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_birthplace_that_should_be_ours_and_is_not_is_refused()
    {
        using var other = new OtherNetns("theirs");
        var stored = Born("theirs", managed: true);
        _test.Up(stored);
        Assert.Contains("did not make", Assert.Throws<SystemFailure>(() => _test.WireGuard(stored)).Message, StringComparison.Ordinal);
        Assert.Equal("", Shell.In("theirs", "ss -Huln"));
    }

    [Fact]
    public void The_namespace_itself_under_another_name_is_no_birthplace()
    {
        var stored = Born("alias", managed: false);
        _test.Up(stored);
        Shell.Run($"touch /run/netns/alias; mount --bind /run/netns/{_test.Name} /run/netns/alias");
        try
        {
            Assert.Contains("itself", Assert.Throws<SystemFailure>(() => _test.WireGuard(stored)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Shell.Run("umount /run/netns/alias; rm /run/netns/alias");
        }
    }

    [Fact]
    public void A_birthplace_made_anew_is_another_one_and_the_link_is_made_anew_in_it()
    {
        var stored = Born("theirs", managed: false);
        using (var first = new OtherNetns("theirs"))
        {
            _test.Up(stored);
            _test.WireGuard(stored);
        }

        Assert.False(WireGuardStatus.HasBirthplace(_test.Name));
        using var second = new OtherNetns("theirs");
        Assert.False(WireGuardStatus.HasBirthplace(_test.Name));
        _test.WireGuard(stored);
        Assert.True(WireGuardStatus.HasBirthplace(_test.Name));
        Assert.Contains("41999", Shell.In("theirs", "ss -Huln"), StringComparison.Ordinal);
        Assert.Equal("1", Shell.Run("ls /var/run/wireguard | wc -l"));
    }

    [Fact]
    public void What_a_run_cut_short_left_in_the_birthplace_is_taken_away()
    {
        using var other = new OtherNetns("theirs");
        var stored = Born("theirs", managed: false);
        _test.Up(stored);
        using (var birthplace = BirthplaceNetns.Find("theirs")!)
        {
            File.WriteAllText(StateLayout.WireGuardRecord(_test.Name), $"userspace {birthplace.Place} {_test.Interface} vpnccutshort\n");
        }

        Shell.In("theirs", "env WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD=1 wireguard-go vpnccutshort >/dev/null 2>&1");
        _test.WireGuard(stored);
        Assert.DoesNotContain("vpnccutshort", Shell.In("theirs", "ip -o link") + Shell.Run("ls /var/run/wireguard"), StringComparison.Ordinal);
    }

    private string Userspace() => File.ReadAllText(StateLayout.WireGuardRecord(_test.Name)).Trim().Split(' ')[^1];

    private StoredPlan Born(string birthplace, bool managed) => _test.Stored(change: plan => plan with { Birthplace = birthplace, BirthplaceManaged = managed, ListenPort = 41999 });
}
