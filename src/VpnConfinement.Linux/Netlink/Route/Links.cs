using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>What can be asked and done about the links of a route socket's netns.</summary>
internal static class Links
{
    private const int Room = 512;

    /// <summary>The link of that name, or null.</summary>
    internal static Link? Find(NetlinkSocket socket, string name)
    {
        try
        {
            // An alternative name would answer too; only the name itself counts.
            return socket.Query<Link>(LinkMessages.Get(stackalloc byte[Room], name), $"find link {name}", LinkParser.Parse)
                .Find(link => link.Name == name);
        }
        catch (SystemFailure e) when (e.Errno == Errno.ENODEV)
        {
            return null;
        }
    }

    /// <summary>The link of that index, or null.</summary>
    internal static Link? Find(NetlinkSocket socket, int index)
    {
        try
        {
            return socket.Query<Link>(LinkMessages.Get(stackalloc byte[Room], index), $"find link number {index}", LinkParser.Parse).Find(link => link.Index == index);
        }
        catch (SystemFailure e) when (e.Errno == Errno.ENODEV)
        {
            return null;
        }
    }

    /// <summary>The link of that name.</summary>
    /// <exception cref="SystemFailure">There is none.</exception>
    internal static Link Get(NetlinkSocket socket, string name) =>
        Find(socket, name) ?? throw new SystemFailure($"find link {name}", Errno.ENODEV);

    /// <summary>All links.</summary>
    internal static IReadOnlyList<Link> List(NetlinkSocket socket) =>
        socket.Query<Link>(LinkMessages.List(stackalloc byte[Room]), "list links", LinkParser.Parse);

    /// <summary>Makes a veth pair, the other end straight in <paramref name="peerNetns"/>.</summary>
    internal static void CreateVeth(NetlinkSocket socket, string name, MacAddress address, string peerName, MacAddress peerAddress, SafeFileHandle peerNetns) =>
        WithDescriptor(peerNetns, number => socket.Execute(
            LinkMessages.CreateVeth(stackalloc byte[Room], name, address, peerName, peerAddress, number), $"create the veth pair {name} and {peerName}"));

    /// <summary>Makes a WireGuard link straight in <paramref name="netns"/>; its UDP socket stays in the netns of the netlink socket.</summary>
    /// <exception cref="SystemFailure">With EOPNOTSUPP: the kernel has no WireGuard.</exception>
    internal static void CreateWireGuard(NetlinkSocket birthplace, string name, SafeFileHandle netns) =>
        WithDescriptor(netns, number => birthplace.Execute(
            LinkMessages.CreateWireGuard(stackalloc byte[Room], name, number), $"create the WireGuard link {name}"));

    /// <summary>Moves a link into <paramref name="netns"/> under a new name.</summary>
    internal static void Move(NetlinkSocket socket, Link link, string newName, SafeFileHandle netns) =>
        WithDescriptor(netns, number => socket.Execute(
            LinkMessages.Move(stackalloc byte[Room], link.Index, newName, number), $"move link {link.Name} into the namespace as {newName}"));

    /// <summary>Sets a link up.</summary>
    internal static void SetUp(NetlinkSocket socket, Link link) =>
        socket.Execute(LinkMessages.SetUp(stackalloc byte[Room], link.Index, up: true), $"set link {link.Name} up");

    /// <summary>Sets a link down.</summary>
    internal static void SetDown(NetlinkSocket socket, Link link) =>
        socket.Execute(LinkMessages.SetUp(stackalloc byte[Room], link.Index, up: false), $"set link {link.Name} down");

    /// <summary>Makes a link have a name. Before Linux 6.2 only one that is down can be renamed; it is left down then.</summary>
    internal static void EnsureName(NetlinkSocket socket, Link link, string name)
    {
        if (link.Name == name)
        {
            return;
        }

        try
        {
            Rename(socket, link, name);
        }
        catch (SystemFailure e) when (e.Errno == Errno.EBUSY && link.IsUp)
        {
            SetDown(socket, link);
            Rename(socket, link, name);
        }
    }

    /// <summary>Makes a link be no port of another.</summary>
    internal static void EnsureFree(NetlinkSocket socket, Link link)
    {
        if (link.Master != 0)
        {
            socket.Execute(LinkMessages.Free(stackalloc byte[Room], link.Index), $"take link {link.Name} out of the link that it is a port of");
        }
    }

    /// <summary>Makes a link have a hardware address.</summary>
    internal static void EnsureAddress(NetlinkSocket socket, Link link, MacAddress address)
    {
        if (link.Address != address)
        {
            socket.Execute(LinkMessages.SetAddress(stackalloc byte[Room], link.Index, address), $"set the hardware address of link {link.Name} to {address}");
        }
    }

    /// <summary>Makes a link have an MTU, in bytes.</summary>
    internal static void EnsureMtu(NetlinkSocket socket, Link link, int mtu)
    {
        if (link.Mtu != mtu)
        {
            socket.Execute(LinkMessages.SetMtu(stackalloc byte[Room], link.Index, (uint)mtu), $"set the MTU of link {link.Name} to {mtu}");
        }
    }

    /// <summary>Makes a link have an alias, by which it is known as ours.</summary>
    internal static void EnsureAlias(NetlinkSocket socket, Link link, string alias)
    {
        if (link.Alias != alias)
        {
            socket.Execute(LinkMessages.SetAlias(stackalloc byte[Room], link.Index, alias), $"name the owner of link {link.Name}");
        }
    }

    /// <summary>Keeps IPv6 from giving the link addresses by itself. A kernel without IPv6 has nothing to keep.</summary>
    internal static void EnsureNoGeneratedAddresses(NetlinkSocket socket, Link link)
    {
        if (link.AddressGenerationMode is { } mode && mode != RouteConstants.IN6_ADDR_GEN_MODE_NONE)
        {
            socket.Execute(
                LinkMessages.SetNoGeneratedAddresses(stackalloc byte[Room], link.Index), $"keep IPv6 from making addresses on link {link.Name}");
        }
    }

    /// <summary>Deletes a link; one that is gone already is fine.</summary>
    internal static void Delete(NetlinkSocket socket, Link link)
    {
        try
        {
            socket.Execute(LinkMessages.Delete(stackalloc byte[Room], link.Index), $"delete link {link.Name}");
        }
        catch (SystemFailure e) when (e.Errno == Errno.ENODEV)
        {
            // gone between the question and the request
        }
    }

    private static void Rename(NetlinkSocket socket, Link link, string name) =>
        socket.Execute(LinkMessages.Rename(stackalloc byte[Room], link.Index, name), $"rename link {link.Name} to {name}");

    private static void WithDescriptor(SafeFileHandle handle, Action<int> use)
    {
        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            use((int)handle.DangerousGetHandle());
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }
}
