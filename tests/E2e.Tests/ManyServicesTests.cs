using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>More services than are started at once, of which one does not start.</summary>
public sealed class ManyServicesTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const int Count = 20;

    public void Dispose()
    {
        host.Reset();
        host.Shell("systemctl stop 'app*.service'; rm -rf /etc/systemd/system/app*.service /etc/systemd/system/app*.service.d; systemctl daemon-reload; systemctl reset-failed").OrThrow();
    }

    [Fact]
    public void One_that_does_not_start_keeps_no_other_from_starting()
    {
        // The first by name, so that it is in the first batch.
        host.Write("/etc/systemd/system/app00.service", "[Service]\nType=exec\nExecStartPre=/bin/sh -c 'test $(readlink /proc/self/ns/net) = $(cat /tmp/host-netns)'\nExecStart=/bin/sleep infinity\n");
        for (var i = 1; i < Count; i++)
        {
            host.Write($"/etc/systemd/system/app{i:D2}.service", "[Service]\nType=exec\nDynamicUser=yes\nExecStart=/bin/sleep infinity\n");
        }

        host.Shell("readlink /proc/1/ns/net > /tmp/host-netns; mkdir -p /etc/systemd/system/app00.service.d; printf '[Service]\\nPrivateTmp=no\\n' > /etc/systemd/system/app00.service.d/tmp.conf; systemctl daemon-reload; systemctl start app00 app01 $(seq -f 'app%02.0f' 2 19)").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config + string.Concat(Enumerable.Range(0, Count).Select(i => $"[services.app{i:D2}.vpn]\nnamespace = \"media\"\n")));

        var applied = host.Product("apply");

        // There is nothing to go back to, so what was applied stays.
        Assert.Equal(4, applied.ExitCode);
        Assert.Contains("app00", applied.Error, StringComparison.Ordinal);
        Assert.Equal("failed", host.Shell("systemctl is-active app00").Output.Trim());
        Assert.Equal(Enumerable.Repeat("active", Count - 1), host.Shell("systemctl is-active $(seq -f 'app%02.0f' 1 19)").Output.Trim().Split('\n'));
    }

    // Since systemd 262 one refused unit refuses the call that names it: the others have to be asked for again, one by one.
    [Fact]
    public void One_that_systemd_refuses_to_start_keeps_no_other_from_coming_back_with_the_tunnel()
    {
        for (var i = 0; i < 3; i++)
        {
            host.Write($"/etc/systemd/system/app{i:D2}.service", "[Service]\nType=exec\nDynamicUser=yes\nExecStart=/bin/sleep infinity\n");
        }

        host.Write(Laboratory.ConfigFile, host.Config + string.Concat(Enumerable.Range(0, 3).Select(i => $"[services.app{i:D2}.vpn]\nnamespace = \"media\"\n")));
        host.Shell("systemctl daemon-reload").OrThrow();
        host.Product("apply").OrThrow();
        host.Shell("systemctl start app00 app01 app02").OrThrow();
        host.Shell("mkdir -p /etc/systemd/system/app01.service.d; printf '[Unit]\\nRefuseManualStart=yes\\n' > /etc/systemd/system/app01.service.d/refused.conf; systemctl daemon-reload").OrThrow();
        host.Shell($"systemctl stop {Laboratory.TunnelUnit}").OrThrow();
        host.Laboratory.Machine.RequireUnit("app00.service", "inactive");

        host.Shell($"systemctl start {Laboratory.TunnelUnit}").OrThrow();

        host.Laboratory.Machine.RequireUnit("app00.service", "active");
        host.Laboratory.Machine.RequireUnit("app02.service", "active");
        Assert.Equal("inactive", host.Laboratory.Machine.UnitState("app01.service"));
    }
}
