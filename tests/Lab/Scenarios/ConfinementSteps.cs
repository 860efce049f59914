using System.Net;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>The service finds no other way, and nobody else is affected.</summary>
internal static class ConfinementSteps
{
    private const int OrdinaryPort = 8091;
    private const int QuickMilliseconds = 1000;
    private static readonly string[] Refusals = ["EPERM", "EACCES", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "ECONNRESET", "EAFNOSUPPORT"];

    public static Section Section { get; } = new("Fail-closed: there is no other way out",
    [
        new("dns-other-udp-refused", "DNS over UDP to any other resolver is refused at once", laboratory => OtherResolversRefused(laboratory, stream: false)),
        new("dns-other-tcp-refused", "DNS over TCP to any other resolver is refused at once", laboratory => OtherResolversRefused(laboratory, stream: true)),
        new("dns-over-tls-refused", "DNS over TLS (port 853) is refused at once", DnsOverTlsRefused),
        new("ipv6-closed", "IPv6 is closed, while the machine itself still has it", Ipv6Closed),
        new("host-link-is-no-exit", "The link to the machine is no way out: services of the host are not reachable over it", HostLinkIsNoExit),
        new("published-port-not-from-uplink", "The published port is not reachable from the outside network", PublishedPortNotFromUplink),
        new("ordinary-service-untouched", "A service that nobody confined still uses the normal network", OrdinaryServiceUntouched),
        new("uplink-carries-only-the-tunnel", "While the service tries everything, the uplink carries nothing but the tunnel", UplinkCarriesOnlyTheTunnel),
    ]);

    private static Verdict OtherResolversRefused(Laboratory laboratory, bool stream)
    {
        var name = stream ? "refused-tcp.example" : "refused-udp.example";
        var replies = ((IPAddress[])[Addresses.OtherResolver, Addresses.OrdinaryResolver]).Select(server =>
            Quickest(() => laboratory.Downloader.Query(server, name, stream))).ToList();
        var heard = laboratory.World.OtherResolver.Queries.Concat(laboratory.World.OrdinaryResolver.Queries).Count(query => query.Name == name);
        return Verdict.When(replies.TrueForAll(IsQuickRefusal) && heard == 0, $"{replies[0]}; the other resolvers heard {heard} queries");
    }

    private static Verdict DnsOverTlsRefused(Laboratory laboratory)
    {
        var control = laboratory.Ordinary.Connect(Addresses.OtherResolver, 853);
        var reply = Quickest(() => laboratory.Downloader.Connect(Addresses.OtherResolver, 853));
        return control.Ok ? Verdict.When(IsQuickRefusal(reply), $"{reply}") : Verdict.Inconclusive($"nobody reaches that port: {control}");
    }

    private static Verdict Ipv6Closed(Laboratory laboratory)
    {
        var control = laboratory.Ordinary.Get(Addresses.Web6);
        var web = laboratory.Downloader.Get(Addresses.Web6);
        var datagram = laboratory.Downloader.Send(Addresses.Web6, 47001);
        return control.Ok ? Verdict.When(!web.Ok && !datagram.Ok, $"{web}") : Verdict.Inconclusive($"the machine itself has no IPv6: {control}");
    }

    private static Verdict HostLinkIsNoExit(Laboratory laboratory)
    {
        var listening = laboratory.Ordinary.Listen(OrdinaryPort);
        var host = laboratory.HostLinkAddress("HOST");
        var watch = UplinkWatch.Begin(laboratory);
        var tries = Escapes.Try(laboratory.Downloader, Escapes.OverHostLink(host, OrdinaryPort));
        var verdict = watch.EndWithTunnelOnly($"{tries[0].Reply}");

        // After the stretch: its last packets are the machine's own on its loopback.
        var control = laboratory.Ordinary.Connect(host, OrdinaryPort);
        if (!listening.Ok || !control.Ok)
        {
            return Verdict.Inconclusive($"the host does not listen there: {listening}, {control}");
        }

        if (tries.FirstOrDefault(one => one.Reply.IsSilence).Reply is { } silence)
        {
            return Verdict.Inconclusive($"{silence}");
        }

        var through = tries.FirstOrDefault(one => one.Reply.Ok);
        return through.Request is null
            ? verdict
            : Verdict.Fail($"{through.Request.Operation} to {through.Request.Address}:{through.Request.Port} worked");
    }

    private static Verdict PublishedPortNotFromUplink(Laboratory laboratory)
    {
        laboratory.Ordinary.Listen(OrdinaryPort);
        if (laboratory.ConnectFromWorld(Addresses.Machine, OrdinaryPort) is { } error)
        {
            return Verdict.Inconclusive($"the outside network reaches nothing on the machine: {error}");
        }

        IPAddress[] places = [Addresses.Machine, laboratory.HostLinkAddress("HOST"), laboratory.HostLinkAddress("NS")];
        var tries = places.AsParallel().AsOrdered().Select(place => (place, error: laboratory.ConnectFromWorld(place, Laboratory.PublishedPort))).ToList();
        var open = tries.Where(one => one.error is null).Select(one => one.place).ToList();
        return Verdict.When(open.Count == 0, open.Count == 0 ? string.Join(", ", tries.Select(one => $"{one.place}: {one.error}")) : $"{open[0]} answered");
    }

    private static Verdict OrdinaryServiceUntouched(Laboratory laboratory)
    {
        var seen = laboratory.Ordinary.GetInTime(Addresses.Web);
        var name = laboratory.Ordinary.ResolveInTime("untouched.example");
        var other = laboratory.Ordinary.Query(Addresses.OtherResolver, "untouched.example");
        var passed = seen.Value == $"{Addresses.Machine}" && name.Value == $"{Addresses.OrdinaryAnswer}" && other.Value == $"{Addresses.OtherAnswer}";
        return Verdict.When(passed, $"the world sees {seen}, its DNS answers {name}");
    }

    private static Verdict UplinkCarriesOnlyTheTunnel(Laboratory laboratory)
    {
        var watch = UplinkWatch.Begin(laboratory);
        var plain = Escapes.Try(laboratory.Downloader, Escapes.Plain);
        var besides = Escapes.Try(laboratory.Downloader, Escapes.Besides);
        if (plain[0].Reply.Value != $"{Addresses.Provider}" || besides.Any(one => one.Reply.IsSilence))
        {
            return Verdict.Inconclusive($"the service does not work: {plain[0].Reply}");
        }

        var worked = besides.Count(one => one.Reply.Ok && one.Request.Operation != AgentOperation.Send);
        var verdict = watch.EndWithTunnelOnly($"{plain.Count + besides.Count} tries");
        return worked == 0 ? verdict : Verdict.Fail($"{worked} tries worked that may not; {verdict.Detail}");
    }

    // On a busy machine one try may be late though the kernel refused it at once. Any that works is the answer.
    private static AgentReply Quickest(Func<AgentReply> ask)
    {
        var quickest = ask();
        for (var i = 0; i < 4 && !quickest.Ok && !IsQuickRefusal(quickest); i++)
        {
            var next = ask();
            quickest = next.Ok || next.Milliseconds < quickest.Milliseconds ? next : quickest;
        }

        return quickest;
    }

    private static bool IsQuickRefusal(AgentReply reply) => !reply.Ok && Refusals.Contains(reply.Error) && reply.Milliseconds < QuickMilliseconds;
}
