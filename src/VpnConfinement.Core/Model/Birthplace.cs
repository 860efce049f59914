namespace VpnConfinement.Model;

/// <summary>The network namespace, other than the host's, in which a WireGuard link is made: its UDP socket stays there (option <c>wireguard.socketNamespace</c>).</summary>
/// <param name="Name">Its name: the netns is <c>/run/netns/NAME</c>.</param>
/// <param name="Managed">Whether it is a namespace of this configuration; if not, somebody else makes it.</param>
public sealed record Birthplace(NamespaceName Name, bool Managed);
