using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>Before anything is confined: the lab itself works, and would show a leak.</summary>
internal static class PreparationSteps
{
    public static Section Section { get; } = new("Before: a machine, a service, an open network",
    [
        new("ordinary-network-works", "The machine reaches the world by its own address, over IPv4, IPv6 and its own DNS", OrdinaryNetworkWorks),
        new("capture-sees-control", "The capture on the uplink sees a packet sent on purpose", CaptureSeesControl),
        new("downloader-is-open", "The service to be confined still talks to the world directly", DownloaderIsOpen),
        new("config-is-accepted", "`check` accepts the configuration and the provider's file", ConfigIsAccepted),
    ]);

    private static Verdict OrdinaryNetworkWorks(Laboratory laboratory)
    {
        laboratory.Machine.Run("systemctl", "start", laboratory.Ordinary.Unit).OrThrow();
        var four = laboratory.Ordinary.Get(Addresses.Web);
        var six = laboratory.Ordinary.Get(Addresses.Web6);
        var name = laboratory.Ordinary.Resolve("before.example");
        var passed = four.Value == $"{Addresses.Machine}" && six.Value == $"{Addresses.Machine6}" && name.Value == $"{Addresses.OrdinaryAnswer}";
        return Verdict.When(passed, $"the world sees {four} and {six}");
    }

    private static Verdict CaptureSeesControl(Laboratory laboratory)
    {
        var watch = UplinkWatch.Begin(laboratory);
        var refused = laboratory.Ordinary.Query(Addresses.OtherResolver, "control.example");
        var seen = watch.End().Count(packet => packet.Kind == PacketKind.Udp && Addresses.OtherResolver.Equals(packet.Destination) && packet.DestinationPort == 53);
        return Verdict.When(refused.Ok && seen == 1, $"and an ordinary DNS query: {seen} packet");
    }

    private static Verdict DownloaderIsOpen(Laboratory laboratory)
    {
        laboratory.Machine.Run("systemctl", "start", laboratory.Downloader.Unit).OrThrow();
        var seen = laboratory.Downloader.Get(Addresses.Web);
        var query = laboratory.Downloader.Query(Addresses.OtherResolver, "open.example");
        laboratory.Machine.Run("systemctl", "stop", laboratory.Downloader.Unit).OrThrow();
        return Verdict.When(seen.Value == $"{Addresses.Machine}" && query.Ok, $"the world sees {seen}");
    }

    private static Verdict ConfigIsAccepted(Laboratory laboratory)
    {
        var result = laboratory.RunProduct("check");
        return Verdict.When(result.Succeeded, result.Succeeded ? "" : result.Summary);
    }
}
