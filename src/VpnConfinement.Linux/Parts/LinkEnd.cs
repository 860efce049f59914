using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;

namespace VpnConfinement.Linux.Parts;

/// <summary>One end of a host link.</summary>
/// <param name="Socket">A route socket of the netns where it is.</param>
/// <param name="Link">The end.</param>
internal readonly record struct LinkEnd(NetlinkSocket Socket, Link Link);
