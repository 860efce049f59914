using System.Text.Json;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>The service is confined and works, through the tunnel.</summary>
internal static class TunnelSteps
{
    private static readonly TimeSpan Patience = LabHost.Patience(60);

    public static Section Section { get; } = new("Confined: the service works, through the tunnel",
    [
        new("apply-succeeds", "`apply` installs everything, and a stopped service stays stopped", ApplySucceeds),
        new("service-starts-confined", "The service starts, and the tunnel with it", ServiceStartsConfined),
        new("address-is-the-providers", "The address the world sees is the provider's", AddressIsTheProviders),
        new("dns-lookups-use-pinned-resolver", "Looking up a name asks the pinned resolver", LookupsUsePinnedResolver),
        new("dns-direct-query-to-pinned-resolver", "The pinned resolver answers direct queries over UDP and TCP", DirectQueryToPinnedResolver),
        new("published-port-from-host", "A published port of the service is reachable from the machine", PublishedPortFromHost),
        new("status-shows-confined", "`status --json` says that every process of the service is in the namespace", StatusShowsConfined),
    ]);

    private static Verdict ApplySucceeds(Laboratory laboratory)
    {
        laboratory.Before = NetworkSnapshot.Take(laboratory.Machine);
        var result = laboratory.RunProduct("apply");
        if (!result.Succeeded)
        {
            return Verdict.Fail(result.Summary);
        }

        var state = laboratory.Machine.UnitState(laboratory.Downloader.Unit);
        return Verdict.When(state == "inactive", $"the service is {state}");
    }

    private static Verdict ServiceStartsConfined(Laboratory laboratory)
    {
        var result = laboratory.Machine.Run("systemctl", "start", laboratory.Downloader.Unit);
        if (!result.Succeeded)
        {
            var journal = laboratory.Machine.Run("journalctl", "--no-pager", "-q", "-o", "cat", "-n", "12", "-u", "vpn-confinement-*", "-u", "wireguard-*", "-u", laboratory.Downloader.Unit);
            return Verdict.Fail($"{result.Summary} | {journal.Output.Trim().ReplaceLineEndings(" | ")}");
        }

        var links = laboratory.Downloader.Ask(new AgentRequest(AgentOperation.Links));
        var hasUplink = links.Value.Split(' ').Contains(Addresses.UplinkName);
        return Verdict.When(links.Ok && !hasUplink && laboratory.Machine.UnitState(Laboratory.TunnelUnit) == "active", $"it sees the links {links}");
    }

    private static Verdict AddressIsTheProviders(Laboratory laboratory)
    {
        var seen = laboratory.Downloader.GetInTime(Addresses.Web);
        return Verdict.When(seen.Value == $"{Addresses.Provider}", $"the world sees {seen}");
    }

    private static Verdict LookupsUsePinnedResolver(Laboratory laboratory)
    {
        var answer = laboratory.Downloader.ResolveInTime("lookup.example");
        var elsewhere = laboratory.World.OrdinaryResolver.Queries.Concat(laboratory.World.OtherResolver.Queries).Any(query => query.Name == "lookup.example");
        var asked = laboratory.World.PinnedResolver.Queries.Any(query => query.Name == "lookup.example");
        return Verdict.When(answer.Value == $"{Addresses.PinnedAnswer}" && asked && !elsewhere, $"{Addresses.PinnedResolver} answered {answer}");
    }

    private static Verdict DirectQueryToPinnedResolver(Laboratory laboratory)
    {
        var datagram = laboratory.Downloader.Query(Addresses.PinnedResolver, "direct.example");
        var stream = laboratory.Downloader.Query(Addresses.PinnedResolver, "direct.example", stream: true);
        return Verdict.When(datagram.Value == $"{Addresses.PinnedAnswer}" && stream.Value == datagram.Value, $"UDP: {datagram}, TCP: {stream}");
    }

    private static Verdict PublishedPortFromHost(Laboratory laboratory)
    {
        var listening = laboratory.Downloader.Listen(Laboratory.PublishedPort);
        var hidden = laboratory.Downloader.Listen(Laboratory.PublishedPort + 1);
        if (!listening.Ok || !hidden.Ok)
        {
            return Verdict.Inconclusive($"the service could not listen: {listening}, {hidden}");
        }

        var address = laboratory.HostLinkAddress("NS");
        var published = laboratory.Ordinary.Connect(address, Laboratory.PublishedPort);
        var other = laboratory.Ordinary.Connect(address, Laboratory.PublishedPort + 1);
        return Verdict.When(
            published.Ok && !other.Ok,
            $"{address}:{Laboratory.PublishedPort}: {published}; port {Laboratory.PublishedPort + 1}, not published: {other}");
    }

    private static Verdict StatusShowsConfined(Laboratory laboratory)
    {
        if (!laboratory.Machine.WaitForUnit(laboratory.Downloader.Unit, "active", Patience))
        {
            return Verdict.Inconclusive("the service is not running");
        }

        var expected = laboratory.Machine.Run("stat", "-L", "-c", "%i", $"/run/netns/{Laboratory.Namespace}").OrThrow().Output.Trim();
        var processes = laboratory.Machine.ProcessesOf(laboratory.Downloader.Unit);
        var outside = processes.Where(pid => new FileInfo($"/proc/{pid}/ns/net").LinkTarget != $"net:[{expected}]").ToList();
        if (processes.Count == 0 || outside.Count > 0)
        {
            return Verdict.Fail($"{outside.Count} of {processes.Count} processes are in another namespace");
        }

        var result = laboratory.RunProduct("status", "--json");
        if (!result.Succeeded)
        {
            return Verdict.Fail(result.Summary);
        }

        using var json = JsonDocument.Parse(result.Output);
        var said = InodesOf(json.RootElement, laboratory.Downloader.Unit).ToList();
        return Verdict.When(said.Count == processes.Count && said.TrueForAll(inode => inode == expected), $"{said.Count} process, namespace {expected}");
    }

    // Wherever in the document the unit is described, the namespaces of its processes.
    private static IEnumerable<string> InodesOf(JsonElement element, string unit) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty("unit", out var name) && name.ValueEquals(unit) =>
            element.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("netnsInode").ToString()),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => InodesOf(member.Value, unit)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => InodesOf(item, unit)),
        _ => [],
    };
}
