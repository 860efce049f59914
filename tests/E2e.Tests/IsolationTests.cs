using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Matrix;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// No profile, user or unit setting leaves a service a system call that acts around its address families, and each entry
/// of allow gives back one kind (S-33). An unconfined process has each of them first.
/// </summary>
[Trait("guarantees", "S-33")]
public sealed class IsolationTests(IsolationMachine machine) : IClassFixture<IsolationMachine>, IDisposable
{
    private const string Later = "/etc/systemd/system/kept.service.d/zzzzz-later.conf";

    private readonly BadHostFixture _host = machine.Host;

    public static TheoryData<string> Names => [.. IsolationMachine.Cases.Select(one => one.Name)];

    public void Dispose() => _host.Shell($"systemctl stop kept; rm -f {Later}; systemctl daemon-reload").OrThrow();

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_call_is_refused_unless_it_is_given_back(string name)
    {
        var one = IsolationMachine.Cases.Single(c => c.Name == name);
        var agent = new Agent(_host.Laboratory.Machine, name);
        _host.Shell($"systemctl start {name} || {{ journalctl -q -n 30 -u {name} >&2; exit 1; }}").OrThrow();
        foreach (var kind in KernelKinds.All)
        {
            var (free, reply) = (machine.Free.Ask(kind.Request), agent.Ask(kind.Request));
            Assert.True(free.Ok || (kind.MayBeAbsent && free.Error == "ENOSYS"), $"{kind.Id} unconfined: {free}");
            // A packet socket takes a capability as well.
            var isReached = reply.Ok == free.Ok || reply.Stage == "socket by io_uring";
            Assert.True(one.GivesBack(kind) ? isReached : reply.Error == kind.Error, $"{kind.Id}: {reply}");
        }
    }

    [Theory]
    [InlineData("SystemCallFilter=", "SystemCallFilter does not refuse add_key")]
    [InlineData("SystemCallFilter=keyctl", "SystemCallFilter does not refuse keyctl")]
    [InlineData("SystemCallFilter=\nSystemCallFilter=@system-service", "SystemCallFilter does not refuse add_key")]
    [InlineData("SystemCallArchitectures=x86", "SystemCallArchitectures is 'native x86' and not 'native'")]
    [InlineData("SystemCallArchitectures=", "SystemCallArchitectures is '' and not 'native'")]
    public void A_later_drop_in_that_gives_one_back_is_refused(string line, string reason)
    {
        _host.Write(Later, $"[Service]\n{line}\n");
        _host.Shell("systemctl stop kept; systemctl daemon-reload").OrThrow();
        Assert.False(_host.Shell("systemctl start kept").Succeeded);
        var gate = "vpn-confinement-gate-media@kept.service.service";
        var journal = _host.Shell($"journalctl --sync; journalctl -q -o cat -n 20 -u {gate}").Output;
        Assert.Contains(reason, journal, StringComparison.Ordinal);
        var (apply, status) = (_host.Product("apply"), _host.Product("status"));
        Assert.NotEqual(0, apply.ExitCode);
        Assert.Contains(reason, apply.Error, StringComparison.Ordinal);
        Assert.Equal(4, status.ExitCode);
        Assert.Contains(reason, status.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SystemCallFilter=~@mount add_key:kill")]
    [InlineData("SystemCallErrorNumber=kill")]
    public void A_later_drop_in_that_takes_more_away_is_not(string line)
    {
        _host.Write(Later, $"[Service]\n{line}\n");
        _host.Shell("systemctl daemon-reload; systemctl restart kept").OrThrow();
        Assert.Equal("active", _host.Laboratory.Machine.UnitState("kept.service"));
    }
}
