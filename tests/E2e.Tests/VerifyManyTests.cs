using System.Diagnostics;
using System.Globalization;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// <c>verify</c> of ten services in two namespaces, each with a tunnel that works. Nothing is timed here; bench/verify
/// prints how long it takes.
/// </summary>
/// <param name="host">The machine.</param>
/// <param name="output">Takes the table.</param>
[Trait("guarantees", "S-40")]
public sealed class VerifyManyTests(BadHostFixture host, ITestOutputHelper output)
    : IClassFixture<BadHostFixture>, IDisposable
{
    private const int Services = 10;
    private const string RoundsVariable = "VPNC_VERIFY_ROUNDS";
    private const string SecondFile = "/etc/wireguard/second.conf";

    private static readonly string[] Units = [.. Enumerable.Range(0, Services).Select(i => $"app{i}.service")];

    public void Dispose()
    {
        host.Reset();
        host.Shell(
            $"systemctl stop 'app*.service'; rm -f {SecondFile} /etc/systemd/system/app*.service; "
            + "systemctl daemon-reload").OrThrow();
    }

    [Fact]
    public void Ten_services_in_two_namespaces_all_pass()
    {
        foreach (var unit in Units)
        {
            host.Write(
                $"/etc/systemd/system/{unit}",
                "[Service]\nType=exec\nDynamicUser=yes\nExecStart=/bin/sleep infinity\n");
        }

        host.Write(SecondFile, host.Laboratory.World.Provider.SecondCustomerFile);
        host.Shell($"chmod 600 {SecondFile}; systemctl daemon-reload").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config + $"""
            [namespaces.second]
            wireguard.configFile = "{SecondFile}"
            wireguard.interface = "wg1"
            publishToHost.tcp = [9092]


            """ + string.Concat(Units.Select((unit, i) =>
                $"[services.{unit.Split('.')[0]}.vpn]\nnamespace = \"{(i % 2 == 0 ? "media" : "second")}\"\n")));
        host.Product("apply").OrThrow();
        host.Shell($"systemctl start {string.Join(' ', Units)}").OrThrow();
        host.WaitForStatus();
        var rounds = int.Parse(Environment.GetEnvironmentVariable(RoundsVariable) ?? "1", CultureInfo.InvariantCulture);
        var taken = new List<(double All, double One, double Status)>();
        for (var round = 0; round < rounds; round++)
        {
            taken.Add((
                Seconds(RequireAllPass),
                Seconds(() => RequirePass(VerifyOutput.Of(host, Units[0]))),
                Seconds(() => host.Product("status").OrThrow())));
        }

        output.WriteLine("| seconds | median | worst | median ratio to `status` | rounds |");
        output.WriteLine("| --- | --- | --- | --- | --- |");
        Print("`verify` of ten services in two namespaces", t => t.All);
        Print("`verify` of one of them", t => t.One);
        Print("`status`", t => t.Status);

        void Print(string what, Func<(double All, double One, double Status), double> of)
        {
            var times = taken.Select(of).Order().ToList();
            var ratios = taken.Select(t => of(t) / t.Status).Order().ToList();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {what} | {times[rounds / 2]:0.0} | {times[^1]:0.0} | {ratios[rounds / 2]:0.0} | {rounds} |"));
        }
    }

    private static double Seconds(Action act)
    {
        var clock = Stopwatch.StartNew();
        act();
        return clock.Elapsed.TotalSeconds;
    }

    private static void RequirePass(VerifyOutput found) => Assert.True(found.Status == 0, found.Told);

    private void RequireAllPass()
    {
        var found = VerifyOutput.Of(host);
        RequirePass(found);
        Assert.All(found.Lines, l => Assert.Equal("pass", l.Outcome));
        foreach (var unit in Units)
        {
            foreach (var check in (string[])["processes", "resolver-files", "sockets", "canaries"])
            {
                Assert.Single(found.Lines, l => l.Check == check && l.Subject == unit);
            }
        }

        foreach (var ns in (string[])["media", "second"])
        {
            Assert.Single(found.Lines, l => l.Check == "parts" && l.Namespace == ns);
            Assert.Single(found.Lines, l => l.Check == "resolver-tcp" && l.Namespace == ns);
        }
    }
}
