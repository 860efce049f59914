using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Plan;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Namespaces;

/// <summary>The netns in which a WireGuard link is made, and where its UDP socket stays: the host's, which is the caller's, or a named one.</summary>
internal sealed class BirthplaceNetns : IDisposable
{
    private BirthplaceNetns(string name, SafeFileHandle handle)
    {
        Name = name;
        Handle = handle;
        var cookie = NetnsThread.Run(handle, KernelSocket.NetnsCookie);
        Place = string.Create(CultureInfo.InvariantCulture, $"{name}@{NetnsIdentity.Of(handle)}:{cookie}");
    }

    /// <summary>Name below /run/netns, or <see cref="StateLayout.HostPlace"/>.</summary>
    internal string Name { get; }

    /// <summary>The netns itself.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>Name and identity in one word: another netns of the same name is another place.</summary>
    internal string Place { get; }

    /// <summary>Opens the one of a plan.</summary>
    /// <exception cref="SystemFailure">It is not there, or should be ours and is not.</exception>
    internal static BirthplaceNetns Open(NamespacePlan plan)
    {
        if (plan.WireGuard.Birthplace is not { } name)
        {
            return Host();
        }

        if (plan.WireGuard.BirthplaceManaged)
        {
            return new BirthplaceNetns(name, Netns.Open(name));
        }

        var birthplace = Find(name) ?? throw new SystemFailure(
            $"the tunnel of namespace {plan.Namespace} has its socket in the network namespace {name}, and there is no {StateLayout.Netns(name)}",
            $"make it before the tunnel starts ('ip netns add {name}', with a link and routes of its own), or take wireguard.socketNamespace out of the configuration");
        if (IsSame(birthplace.Handle, plan.Namespace))
        {
            birthplace.Dispose();
            throw new SystemFailure($"{StateLayout.Netns(name)} is the namespace {plan.Namespace} itself, so its tunnel would have no way out", "name another network namespace with wireguard.socketNamespace");
        }

        return birthplace;
    }

    /// <summary>Opens the one of that name, whoever made it; null where there is none.</summary>
    internal static BirthplaceNetns? Find(string name) =>
        name == StateLayout.HostPlace ? Host()
        : Netns.Find(name) is { } netns ? new BirthplaceNetns(name, netns)
        : null;

    /// <summary>Opens what a record calls <see cref="Place"/>; null where it is gone, or where another one has its name now.</summary>
    internal static BirthplaceNetns? FindPlace(string place)
    {
        var found = Find(place.Split('@')[0]);
        if (found is null || found.Place == place)
        {
            return found;
        }

        found.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private static BirthplaceNetns Host() => new(StateLayout.HostPlace, Kernel.Open("/proc/thread-self/ns/net", O_RDONLY));

    private static bool IsSame(SafeFileHandle netns, string ns)
    {
        using var other = Find(ns);
        return other is not null && NetnsIdentity.Of(netns) == NetnsIdentity.Of(other.Handle);
    }
}
