using System.Text.Json;
using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What the program of commit 2384481 had applied for two namespaces, under this one: its state folder and its units as they were written, and
/// services that were started by them.
/// </summary>
public sealed class UpgradeTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const string Program = "/usr/bin/vpn-confinement";
    private const string Plan = "/var/lib/vpn-confinement/namespaces/media/plan.json";

    public void Dispose()
    {
        host.Reset();
        host.Shell("systemctl stop other; rm -f /etc/systemd/system/other.service; systemctl daemon-reload").OrThrow();
    }

    [Fact]
    public void What_ran_runs_on_is_named_and_is_confined_anew_by_apply()
    {
        StartAsBefore();
        var watch = UplinkWatch.Begin(host.Laboratory);
        var status = host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains("its drop-in was written by an older version", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be read", status.Output, StringComparison.Ordinal);
        Assert.Equal(("active", "active"), (State("downloader"), State("other")));

        // Nothing differs from what was applied: it is this program that would write something else.
        var plan = host.Product("plan").OrThrow();
        Assert.StartsWith("files:", plan.Output, StringComparison.Ordinal);
        Assert.Contains("~ /etc/systemd/system/downloader.service.d/", plan.Output, StringComparison.Ordinal);

        // Without the look from inside nothing starts, and the message says what to type.
        Assert.NotEqual(0, host.Shell("systemctl restart other").ExitCode);
        Assert.NotEqual("active", State("other"));
        var said = host.Shell("journalctl --sync; journalctl -q -n 40 --no-pager -o cat").Output;
        Assert.Contains("run 'vpn-confinement apply'", said, StringComparison.Ordinal);

        host.Product("apply", "--no-wait").OrThrow();
        host.Shell("systemctl start other").OrThrow();
        Assert.Equal(("active", "active"), (State("downloader"), State("other")));
        RequireWhole();
        Assert.Equal($"{Addresses.Provider}", $"{host.Laboratory.Downloader.GetInTime(Addresses.Web)}");

        // The tunnels of then have other servers; the router says that nothing is there.
        Assert.DoesNotContain(watch.EndStray(), p => p is not ({ Protocol: 17, DestinationPort: 51820 or 51999 } or { Kind: PacketKind.Icmp, SourcePort: 3 }));
    }

    [Theory]
    [InlineData("truncate -s 700", "damaged")]
    [InlineData("rm", "is missing")]
    [InlineData("sed -i 's/\"version\": 1/\"version\": 99/'", "another version of this program wrote")]
    public void A_record_that_is_no_good_is_named_and_mended_by_apply(string damage, string said)
    {
        StartAsBefore();
        host.Shell($"{damage} {Plan}").OrThrow();
        var status = host.Product("status");
        Assert.Equal(4, status.ExitCode);
        Assert.Contains(said, status.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, host.Shell("systemctl restart downloader").ExitCode);
        host.Product("apply", "--no-wait").OrThrow();
        host.Shell("systemctl start downloader other").OrThrow();
        RequireWhole();
    }

    // The program of then is not here: in its place a script says yes as its gate, and leaves all else to this one.
    private void StartAsBefore()
    {
        Command.Run("cp", "-a", Former() + "/.", host.Laboratory.Machine.Root + "/root/former").OrThrow();
        host.Shell(
            "cd /root/former && rm -f etc/wireguard/provider.conf && chmod 600 etc/wireguard/* && chmod 700 var/lib/vpn-confinement/secrets var/lib/vpn-confinement/generations && "
            + "chmod 600 var/lib/vpn-confinement/secrets/* var/lib/vpn-confinement/generations/* && chown -R 0:0 . && cp -a . / && rm -rf /root/former").OrThrow();
        host.Shell($"mv {Program} {Program}.now").OrThrow();
        host.Write(Program, $"#!/bin/sh\n[ \"$1\" = gate ] || exec {Program}.now \"$@\"\n");
        host.Shell($"chmod 755 {Program}; systemctl daemon-reload; systemctl start downloader other").OrThrow();
        host.Shell($"mv {Program}.now {Program}").OrThrow();
        Assert.Equal(("active", "active"), (State("downloader"), State("other")));
        host.Laboratory.Machine.RequireUnit("vpn-confinement-watch@media.service", "active");
    }

    // Nobody answers the tunnel of the second namespace; all else is as it should be.
    private void RequireWhole()
    {
        Eventually.See(
            "all but the second tunnel works",
            () => host.Product("status", "--json").Output,
            said =>
            {
                using var status = JsonDocument.Parse(said);
                return status.RootElement.GetProperty("health").EnumerateArray().All(part =>
                    part.GetProperty("state").GetString() is var state && (state is "working" or "idle"
                        || (part.GetProperty("namespace").GetString() is "second"
                            && part.GetProperty("kind").GetString() is ("tunnel" or "resolver")
                            && state is ("blocked" or "waiting"))));
            });
        Assert.Contains("nothing to do", host.Product("plan").OrThrow().Output, StringComparison.Ordinal);
    }

    private string State(string unit) => host.Laboratory.Machine.UnitState(unit + ".service");

    // It lies beside this project's sources, from whose build the tests run.
    private static string Former()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "state", "2384481")))
            {
                return Path.Combine(folder.FullName, "state", "2384481");
            }
        }

        throw new InvalidOperationException("run the tests from a build inside the repository");
    }
}
