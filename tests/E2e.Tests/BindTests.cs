using System.Text.Json;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// <c>restrictBind</c> where systemd has BPF and where it has not: what the service's own process may bind is what is reported, and confinement does not
/// rest on it.
/// </summary>
[Trait("guarantees", "S-24")]
public sealed class BindTests(BadHostFixture host) : IClassFixture<BadHostFixture>, IDisposable
{
    private const int Declared = Laboratory.PublishedPort;
    private const int Other = 9999;

    public void Dispose() => host.Reset();

    [Fact]
    public void What_is_reported_is_what_the_process_may_bind()
    {
        host.Shell("systemctl start ordinary").OrThrow();
        host.Write(Laboratory.ConfigFile, host.Config + "restrictBind = true\n");
        var applied = host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        Assert.True(host.Laboratory.Downloader.Listen(Declared).Ok);
        var enforced = !host.Laboratory.Downloader.Listen(Other).Ok;

        // A systemd that has it enforces it here: the lab allows bpf(2).
        Assert.Equal(host.Shell("systemctl --version").Output.Contains("+BPF_FRAMEWORK", StringComparison.Ordinal), enforced);
        Assert.Equal(enforced, Reported());
        Assert.Equal(enforced, !applied.Error.Contains("VPC107", StringComparison.Ordinal));
        Assert.Equal(enforced, !host.Product("check").Error.Contains("VPC107", StringComparison.Ordinal));
        var status = host.Product("status");
        Assert.Equal(enforced, !status.Output.Contains("restrictBind NOT enforced", StringComparison.Ordinal));

        // Enforced or not, nobody reaches that port, and no verdict hangs on it.
        Assert.True(host.Laboratory.Ordinary.Connect(host.Laboratory.HostLinkAddress("NS"), Declared).Ok);
        Assert.False(host.Laboratory.Ordinary.Connect(host.Laboratory.HostLinkAddress("NS"), Other).Ok);
        Assert.Equal(0, status.ExitCode);
    }

    [Fact]
    public void Where_it_is_not_asked_for_nothing_is_reported()
    {
        host.Product("apply").OrThrow();
        host.Shell("systemctl start downloader").OrThrow();
        Assert.True(host.Laboratory.Downloader.Listen(Other).Ok);
        Assert.Null(Reported());
    }

    // What is said of another Debian (./test --full) has to come from there.
    [Fact]
    public void The_machine_is_the_one_that_was_asked_for() =>
        Assert.Equal(File.ReadAllText(Path.Combine(MachineImage.Root, "etc/os-release")), host.Read("/etc/os-release"));

    private bool? Reported()
    {
        using var json = JsonDocument.Parse(host.Product("status", "--json").Output);
        var value = json.RootElement.GetProperty("namespaces")[0].GetProperty("services")[0].GetProperty("bindRestricted");
        return value.ValueKind is JsonValueKind.Null ? null : value.GetBoolean();
    }
}
