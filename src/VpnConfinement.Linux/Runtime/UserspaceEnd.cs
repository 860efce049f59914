using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink.WireGuard;

namespace VpnConfinement.Linux.Runtime;

/// <summary>The end of a userspace WireGuard whose link was deleted.</summary>
internal static class UserspaceEnd
{
    private const int Patience = 5000; // milliseconds

    /// <summary>Waits until nobody answers at its socket, and removes a socket that it left.</summary>
    /// <exception cref="SystemFailure">It still answers.</exception>
    internal static void Await(string name)
    {
        var end = Environment.TickCount64 + Patience;
        while (UserspaceWireGuard.IsAlive(name))
        {
            if (Environment.TickCount64 > end)
            {
                throw new SystemFailure($"the userspace WireGuard at {UserspaceWireGuard.SocketPath(name)} still runs although its link is gone; end it");
            }

            Thread.Sleep(5);
        }

        Kernel.TryUnlink(UserspaceWireGuard.SocketPath(name));
    }
}
