using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>What socket units start, and what they listen on (systemd.socket(5)).</summary>
internal static class SocketUnits
{
    private static readonly string[] ListenKeys = ["ListenStream", "ListenDatagram", "ListenSequentialPacket"];

    /// <summary>The unit that a socket starts, aliases followed; for one with <c>Accept=yes</c> the template. Null where that cannot be told from the texts.</summary>
    /// <param name="socket">The socket's own name.</param>
    /// <param name="settings">What it says.</param>
    /// <param name="aliases">The other names of units.</param>
    internal static string? Starts(string socket, UnitSettings settings, UnitAliases aliases)
    {
        var stem = socket[..socket.LastIndexOf('.')];
        if (settings.IsOn("Socket", "Accept"))
        {
            var at = stem.IndexOf('@', StringComparison.Ordinal);
            return aliases.RealName((at < 0 ? stem : stem[..at]) + "@.service");
        }

        return settings.Last("Socket", "Service") is { } service
            ? UnitSpecifiers.Expand(service, socket) is { } expanded ? aliases.RealName(expanded) : null
            : aliases.RealName(stem + ".service");
    }

    /// <summary>Whether a socket hands out descriptors that belong to a network: paths, FIFOs, message queues and netlink lead nowhere.</summary>
    internal static bool IsOfNetwork(UnitSettings settings) =>
        ListenKeys.Any(k => settings.All("Socket", k).Any(v => v.Length > 0 && v[0] is not ('/' or '@') && !v.StartsWith("%t/", StringComparison.Ordinal) && !v.StartsWith("%S/", StringComparison.Ordinal)));

    /// <summary>Whether one name covers the other: the same unit, or an instance and its template.</summary>
    internal static bool Covers(string service, string other) =>
        service == other || UnitName.TemplateOf(service) == other || UnitName.TemplateOf(other) == service;
}
