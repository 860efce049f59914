using System.Net;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>Ways out that a confined process may try.</summary>
public static class Escapes
{
    /// <summary>Everything that a process can try besides its tunnel, most of it towards something that would answer.</summary>
    public static IReadOnlyList<AgentRequest> Besides { get; } =
    [
        Query(Addresses.OtherResolver),
        Query(Addresses.OrdinaryResolver),
        Query(Addresses.OtherResolver) with { Stream = true },
        Connect(Addresses.OtherResolver, 853),
        Get(Addresses.Web6),
        new(AgentOperation.Send) { Address = $"{Addresses.Web6}", Port = 47001 },
        Get(Addresses.Web) with { Device = Addresses.UplinkName },
        new(AgentOperation.Send) { Address = $"{Addresses.Web}", Port = 47001, Device = Addresses.UplinkName },
        new(AgentOperation.RawPing) { Address = $"{Addresses.Web}" },
        new(AgentOperation.Send) { Address = "255.255.255.255", Port = 47001 },
        new(AgentOperation.Send) { Address = "198.51.100.255", Port = 47001, Device = Addresses.UplinkName },
        new(AgentOperation.Send) { Address = "224.0.0.251", Port = 5353 },
        new(AgentOperation.Send) { Address = "239.1.2.3", Port = 47001 },
        Connect(IPAddress.Parse("169.254.169.254"), 80),
    ];

    /// <summary>What a confined process does all day: it may work through the tunnel, and must not work without it.</summary>
    public static IReadOnlyList<AgentRequest> Plain { get; } =
    [
        Get(Addresses.Web),
        Get(Addresses.Gateway),
        new(AgentOperation.Send) { Address = $"{Addresses.Web}", Port = 47001 },
        new(AgentOperation.Ping) { Address = $"{Addresses.Web}" },
        Query(Addresses.PinnedResolver),
        new(AgentOperation.Resolve) { Name = "plain.example" },
    ];

    /// <summary>Ports of the host that an unconfined process listens on, tried over the host link.</summary>
    public static IReadOnlyList<AgentRequest> OverHostLink(IPAddress host, int listening) =>
        [Connect(host, listening), new(AgentOperation.Send) { Address = $"{host}", Port = 53 }, Query(host), Query(host) with { Stream = true }];

    /// <summary>Tries all at once. A service that is gone meanwhile gives silence, which its caller has to judge.</summary>
    public static IReadOnlyList<(AgentRequest Request, AgentReply Reply)> Try(Agent agent, IEnumerable<AgentRequest> requests)
    {
        var tries = requests.Select(request => (request, reply: Task.Factory.StartNew(
            () => AskOrSilence(agent, request), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).ToList();
        return [.. tries.Select(one => (one.request, one.reply.GetAwaiter().GetResult()))];
    }

    private static AgentReply AskOrSilence(Agent agent, AgentRequest request)
    {
        try
        {
            return agent.Ask(request);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            return AgentReply.Silence(e.Message);
        }
    }

    private static AgentRequest Get(IPAddress address) => new(AgentOperation.Get) { Address = $"{address}", Port = 80 };

    private static AgentRequest Connect(IPAddress address, int port) => new(AgentOperation.Connect) { Address = $"{address}", Port = port };

    private static AgentRequest Query(IPAddress server) => new(AgentOperation.Query) { Address = $"{server}", Port = 53, Name = "escape.example" };
}
