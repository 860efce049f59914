using System.Globalization;

namespace VpnConfinement.Drift;

/// <summary>What a running service sees, and which of its sockets are of another network (S-4, S-16).</summary>
internal static class ServiceComparison
{
    internal static IEnumerable<PartDifference> OfView(ServiceView view) => view.Lost switch
    {
        Observation<IReadOnlyList<string>>.Known known => known.Value.Select(what => new PartDifference(
            string.Create(CultureInfo.InvariantCulture, $"process {view.Pid} of {view.Unit} sees {what}"))
        {
            Subject = view.Unit,
            Detail = what,
            Remedy = $"run 'systemctl restart {view.Unit}'",
        }),
        Observation<IReadOnlyList<string>>.Unknown unknown =>
        [
            new PartDifference(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"what process {view.Pid} of {view.Unit} sees could not be looked at: {unknown.Reason}"),
                IsUnknown: true)
            {
                Subject = view.Unit,
                Remedy = $"see 'systemctl status {view.Unit}'",
            },
        ],
        _ => throw new InvalidOperationException("an observation of an unknown kind"),
    };

    internal static IEnumerable<PartDifference> OfSockets(ServiceSockets unit) =>
    [
        .. unit.Sockets switch
        {
            Observation<IReadOnlyList<ServiceSocket>>.Known known =>
                known.Value.Select(socket => Of(unit, socket)).OfType<PartDifference>(),
            Observation<IReadOnlyList<ServiceSocket>>.Unknown unknown =>
                [Unknown(unit, $"the sockets of {unit.Unit} could not be looked at: {unknown.Reason}")],
            _ => throw new InvalidOperationException("an observation of an unknown kind"),
        },
        .. unit.Unseen.Select(what => Unknown(unit, what)),
    ];

    private static PartDifference? Of(ServiceSockets unit, ServiceSocket socket)
    {
        var title = string.Create(
            CultureInfo.InvariantCulture, $"descriptor {socket.Descriptor} of process {socket.Pid} of {unit.Unit}");
        return socket.Netns is null ? Unknown(unit, $"the network of {title} is not known: {socket.Detail}")
            : socket.Netns == unit.Netns ? null
            : new PartDifference($"{title} is {socket.Detail} of another network than its namespace")
            {
                Subject = unit.Unit,
                Remedy = $"run 'systemctl stop {unit.Unit}', and have it started without that socket",
            };
    }

    private static PartDifference Unknown(ServiceSockets unit, string text) => new(text, IsUnknown: true)
    {
        Subject = unit.Unit,
        Remedy = $"see 'systemctl status {unit.Unit}'",
    };
}
