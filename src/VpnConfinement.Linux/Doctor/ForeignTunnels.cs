using VpnConfinement.Doctor;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Linux.Doctor;

/// <summary>WireGuard tunnels of the host that are foreign: the kernel's, and those of userspace programs.</summary>
internal static class ForeignTunnels
{
    private const string Sockets = "/var/run/wireguard";

    internal static IReadOnlyList<ForeignTunnel> Find()
    {
        using var host = Kernel.Open("/proc/thread-self/ns/net", LibcConstants.O_RDONLY);
        using var socket = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
        var links = Links.List(socket);
        var own = ManifestStore.Load().Namespaces.Select(n => WireGuardRecord.Load(n.Name)?.UserspaceName).ToHashSet();
        var tunnels = new List<ForeignTunnel>();
        foreach (var link in links.Where(l => l.Kind == "wireguard"))
        {
            using var wireGuard = KernelWireGuard.Open(host, link.Name);
            tunnels.Add(Of(link.Name, wireGuard));
        }

        foreach (var name in Directory.Exists(Sockets) ? Names() : [])
        {
            if (!own.Contains(name) && UserspaceWireGuard.IsAlive(name))
            {
                using var wireGuard = new UserspaceWireGuard(name);
                tunnels.Add(Of(name, wireGuard));
            }
        }

        return tunnels;
    }

    private static IEnumerable<string> Names() =>
        Directory.EnumerateFileSystemEntries(Sockets, "*.sock").Select(f => Path.GetFileNameWithoutExtension(f));

    private static ForeignTunnel Of(string name, IWireGuard wireGuard)
    {
        using var device = wireGuard.Read();
        return new ForeignTunnel(name, WireGuardDevice.PublicKeyOf(device));
    }
}
