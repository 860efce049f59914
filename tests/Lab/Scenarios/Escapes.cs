using System.Net;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Matrix;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>Ways out that a confined process may try.</summary>
public static class Escapes
{
    /// <summary>What a process can try besides its tunnel without any privilege, most of it towards something that would answer.</summary>
    public static IReadOnlyList<AgentRequest> Besides { get; } = [.. TrafficKinds.Besides.Select(kind => kind.Request)];

    /// <summary>What a confined process does all day: it may work through the tunnel, and must not work without it.</summary>
    public static IReadOnlyList<AgentRequest> Plain { get; } = [.. TrafficKinds.Plain.Select(kind => kind.Request)];

    /// <summary>Ports of the host that an unconfined process listens on, tried over the host link.</summary>
    public static IReadOnlyList<AgentRequest> OverHostLink(IPAddress host, int listening) =>
        [
            TrafficKinds.Connect(host, listening), TrafficKinds.Send(host, 53), TrafficKinds.Query(host), TrafficKinds.Query(host) with { Stream = true },
        ];

    /// <summary>Tries all at once. A service that is gone meanwhile gives silence, which its caller has to judge.</summary>
    public static IReadOnlyList<(AgentRequest Request, AgentReply Reply)> Try(Agent agent, IEnumerable<AgentRequest> requests)
    {
        var all = requests.ToList();
        return [.. all.Zip(TryAll(all.Select(request => (agent, request))))];
    }

    /// <summary>The same, by several services.</summary>
    public static IReadOnlyList<AgentReply> TryAll(IEnumerable<(Agent Agent, AgentRequest Request)> all)
    {
        var tries = all.Select(one => Task.Factory.StartNew(
            () => AskOrSilence(one.Agent, one.Request), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        return [.. tries.Select(one => one.GetAwaiter().GetResult())];
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
}
