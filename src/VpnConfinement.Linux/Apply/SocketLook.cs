using VpnConfinement.Drift;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Parts;

namespace VpnConfinement.Linux.Apply;

/// <summary>Looks where a confined socket unit really listens.</summary>
internal static class SocketLook
{
    /// <summary>
    /// Looks. systemd may have opened it before it was told where, or somewhere else: the kernel's tables say where it is.
    /// </summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <param name="netns">Its netns, or null while it is down.</param>
    /// <param name="unit">The unit's full name.</param>
    /// <param name="listen">A place as systemd writes it.</param>
    internal static ListeningSocket At(string ns, NetnsIdentity? netns, string unit, string listen) =>
        new(unit, listen, Look.At(() => ListeningSockets.IsListening(ns, netns, listen)) switch
        {
            Observation<bool?>.Known { Value: { } isInside } => new Observation<bool>.Known(isInside),
            Observation<bool?>.Known => new Observation<bool>.Unknown("it is no place of TCP or UDP"),
            Observation<bool?>.Unknown unknown => new Observation<bool>.Unknown(unknown.Reason),
            _ => throw new InvalidOperationException("an observation of an unknown kind"),
        });
}
