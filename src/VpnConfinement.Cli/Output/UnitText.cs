using VpnConfinement.Health;
using VpnConfinement.Linux.Status;

namespace VpnConfinement.Cli.Output;

/// <summary>What <c>status</c> says of a service, a socket or a published port.</summary>
internal static class UnitText
{
    /// <summary>Its state and place; null for a part that is no unit, or that was not looked at.</summary>
    internal static string? Of(NamespaceStatus ns, HealthEntry entry) => entry.Kind switch
    {
        HealthKind.Service => Find(ns, entry) is { } service ? Of(service) : null,
        HealthKind.Socket or HealthKind.Published =>
            FindSocket(ns, entry) is { } socket ? Of(socket) : null,
        _ => null,
    };

    /// <summary>The last line of its journal; null where it did not fail.</summary>
    internal static string? LastLineOf(NamespaceStatus ns, HealthEntry entry) =>
        entry.State is not HealthState.Failed ? null
        : entry.Kind is HealthKind.Service ? Find(ns, entry)?.LastLine
        : entry.Kind is HealthKind.Socket or HealthKind.Published ? FindSocket(ns, entry)?.LastLine
        : null;

    private static ServiceStatus? Find(NamespaceStatus ns, HealthEntry entry) =>
        ns.Services.FirstOrDefault(s => s.Unit == entry.Name);

    private static SocketStatus? FindSocket(NamespaceStatus ns, HealthEntry entry) =>
        ns.Sockets.Concat(ns.Published).FirstOrDefault(s => s.Unit == entry.Name);

    private static string Of(ServiceStatus service)
    {
        var places = service.Processes
            .Select(p => p.NetnsInode is { } i ? $"netns {i}" : "an unknown netns").Distinct();
        var where = service.Processes.Count == 0
            ? "" : $", {Count(service.Processes.Count)} in {string.Join(" and ", places)}";
        var state = service.Frozen ? $"{service.State}, FROZEN" : service.State;
        var ports = service.BindRestricted == false ? ", restrictBind NOT enforced by this host" : "";
        return $"{state}{where}{ports}";
    }

    private static string Of(SocketStatus socket)
    {
        var listens = socket.Listens.Count == 0 ? "" : $", {string.Join(", ", socket.Listens)}";
        return $"{socket.State}{listens}{(socket.To is { } port ? $", to port {port} in the namespace" : "")}";
    }

    private static string Count(int processes) => processes == 1 ? "1 process" : $"{processes} processes";
}
