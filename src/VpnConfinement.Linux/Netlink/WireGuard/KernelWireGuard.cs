using System.Net;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>A device of the kernel's WireGuard, by generic netlink in the netns that the link is in.</summary>
internal sealed class KernelWireGuard : IWireGuard
{
    private readonly NetlinkSocket _socket;
    private readonly ushort _family;
    private readonly string _name;

    private KernelWireGuard(NetlinkSocket socket, string name)
    {
        _socket = socket;
        _name = name;
        _family = GenericNetlink.Resolve(socket, WireGuardConstants.WG_GENL_NAME);
    }

    /// <summary>Speaks to the link of that name in a netns.</summary>
    internal static KernelWireGuard Open(SafeFileHandle netns, string name)
    {
        var socket = NetlinkSocket.OpenIn(netns, NetlinkConstants.NETLINK_GENERIC);
        try
        {
            return new KernelWireGuard(socket, name);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public WireGuardDevice Read()
    {
        // An interrupted list is asked for again: what its first part said must not stay.
        var parts = _socket.Query<byte[]>(
            KernelMessages.Get(stackalloc byte[128], _family, _name), $"read the WireGuard link {_name}", payload => payload.ToArray());
        var parser = new KernelParser();
        foreach (var part in parts)
        {
            parser.Add(part);
            CryptographicOperations.ZeroMemory(part);
        }

        return parser.Finish();
    }

    /// <inheritdoc/>
    public void Apply(WireGuardConfig config, WireGuardDevice current)
    {
        var messages = KernelMessages.Set(_family, _name, config, current.Removed(config));
        try
        {
            foreach (var message in messages)
            {
                _socket.Execute(message, $"configure the WireGuard link {_name}");
            }
        }
        finally
        {
            messages.ForEach(message => CryptographicOperations.ZeroMemory(message));
        }
    }

    /// <inheritdoc/>
    public void SetEndpoint(PublicKey publicKey, IPEndPoint endpoint) => _socket.Execute(
        KernelMessages.SetEndpoint(stackalloc byte[256], _family, _name, publicKey, endpoint), $"change the endpoint of a peer of the WireGuard link {_name}");

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
