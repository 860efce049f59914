using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// A machine with one namespace up, its service, its host link under known names, and a service of the host. Each test
/// finds it whole.
/// </summary>
public sealed class PartsMachine : IDisposable
{
    internal const string HostEnd = "vh-media";
    internal const string InnerEnd = "vn-media";
    internal const string NamespaceAddress = "169.254.77.6";
    internal const string Watcher = "vpn-confinement-watch@media.service";

    public PartsMachine()
    {
        Host = new BadHostFixture(isShared: true);
        try
        {
            Host.Write(Laboratory.ConfigFile, Host.Config.Replace(
                "publishToHost.tcp = [9091]",
                "publishToHost.tcp = [9091]\nwireguard.endpointPinning.enable = true\n"
                    + $"hostLink.hostIf = \"{HostEnd}\"\nhostLink.nsIf = \"{InnerEnd}\"\n"
                    + "hostLink.subnetIPv4 = \"169.254.77.4/30\"",
                StringComparison.Ordinal));
            Host.Product("apply").OrThrow();
            Host.Shell("systemctl start ordinary downloader").OrThrow();
        }
        catch
        {
            Host.Dispose();
            throw;
        }
    }

    public BadHostFixture Host { get; }

    public void Dispose() => Host.Dispose();

    /// <summary>Whatever the test before left: everything is as it was applied, and nothing watches.</summary>
    internal void BeginUnwatched()
    {
        Host.Product("apply").OrThrow();
        Host.Shell($"systemctl start downloader; systemctl stop {Watcher}").OrThrow();
        Host.Laboratory.Downloader.Listen(Laboratory.PublishedPort);
        RequireReached();
    }

    /// <summary>Whatever the test before left: everything is as it was applied, and the watcher runs.</summary>
    internal void BeginWatched()
    {
        Host.Product("apply").OrThrow();

        // One that has seen no damage: many rounds within a minute would be a contest.
        Host.Shell($"systemctl start downloader; systemctl restart {Watcher}").OrThrow();
        Host.Laboratory.Machine.RequireUnit(Watcher, "active");
        Host.Laboratory.Downloader.Listen(Laboratory.PublishedPort);
        RequireReached();
    }

    /// <summary>The host reaches the published port.</summary>
    internal void RequireReached()
    {
        var address = System.Net.IPAddress.Parse(NamespaceAddress);
        var reply = Host.Laboratory.Ordinary.ConnectInTime(address, Laboratory.PublishedPort);
        Assert.True(reply.Ok, $"the published port is not reached: {reply.Error}");
    }

    /// <summary>Which run of the service this is.</summary>
    internal string Invocation() =>
        Host.Shell("systemctl show -p InvocationID --value downloader").OrThrow().Output.Trim();
}
