using Microsoft.Win32.SafeHandles;
using System.Security.Cryptography;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>The WireGuard link of a namespace, of the kernel or of a userspace program.</summary>
/// <param name="ns">The namespace.</param>
/// <param name="plan">Its plan.</param>
/// <param name="netns">Its netns.</param>
/// <param name="birthplace">The netns in which the link is made.</param>
/// <param name="inside">A netlink socket in the namespace.</param>
/// <param name="log">Takes a line for each thing done.</param>
internal sealed class WireGuardLink(string ns, WireGuardPlan plan, SafeFileHandle netns, BirthplaceNetns birthplace, NetlinkSocket inside, Action<string> log)
{
    private const string KernelKind = "wireguard";
    private const string UserspaceKind = "tun";

    /// <summary>Makes the link be there, in the namespace, configured; it is not set up yet when it is new.</summary>
    internal void Ensure(WireGuardConfig config)
    {
        if (OpenPresent() is { } present)
        {
            using (present)
            {
                Configure(present, config);
            }

            return;
        }

        Remove(ns, plan.Interface, inside);
        using var outside = NetlinkSocket.OpenIn(birthplace.Handle, NetlinkConstants.NETLINK_ROUTE);
        if (Links.Find(outside, plan.Interface) is not null)
        {
            throw new SystemFailure(
                $"{(birthplace.Name == StateLayout.HostPlace ? "the host" : $"the network namespace {birthplace.Name}")} already has a link {plan.Interface}; delete it or give the WireGuard interface of namespace {ns} another name");
        }

        if (plan.Implementation is WireGuardImplementation.Userspace || !TryCreateKernelLink(outside, config))
        {
            CreateUserspaceLink(outside, config);
        }
    }

    /// <summary>Deletes the link, wherever an earlier run left it, and with it a userspace program.</summary>
    internal static void Remove(string ns, string name, NetlinkSocket? inside)
    {
        if (inside is not null && Links.Find(inside, name) is { } link)
        {
            Links.Delete(inside, link);
        }

        if (WireGuardRecord.Load(ns) is { UserspaceName: { } userspace } record)
        {
            DeleteUnmoved(record.Place, userspace);
            UserspaceEnd.Ensure(userspace);
        }

        Kernel.TryUnlink(StateLayout.WireGuardRecord(ns));
    }

    // One that was made and not moved yet. A birthplace that is gone has taken it along.
    private static void DeleteUnmoved(string place, string name)
    {
        using var birthplace = BirthplaceNetns.FindPlace(place);
        if (birthplace is null)
        {
            return;
        }

        using var outside = NetlinkSocket.OpenIn(birthplace.Handle, NetlinkConstants.NETLINK_ROUTE);
        if (Links.Find(outside, name) is { Kind: UserspaceKind } stale)
        {
            Links.Delete(outside, stale);
        }
    }

    private IWireGuard? OpenPresent()
    {
        if (Links.Find(inside, plan.Interface) is not { } link || WireGuardRecord.Load(ns) is not { } record
            || record.Interface != link.Name || record.Place != birthplace.Place)
        {
            return null;
        }

        return (link.Kind, record.UserspaceName, plan.Implementation) switch
        {
            (KernelKind, null, WireGuardImplementation.Auto or WireGuardImplementation.Kernel) => KernelWireGuard.Open(netns, link.Name),
            (UserspaceKind, { } name, WireGuardImplementation.Auto or WireGuardImplementation.Userspace) when UserspaceWireGuard.IsAlive(name) =>
                new UserspaceWireGuard(name),
            _ => null,
        };
    }

    private bool TryCreateKernelLink(NetlinkSocket outside, WireGuardConfig config)
    {
        new WireGuardRecord(birthplace.Place, plan.Interface, null).Save(ns);
        try
        {
            Links.CreateWireGuard(outside, plan.Interface, netns);
        }
        catch (SystemFailure e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            return plan.Implementation is WireGuardImplementation.Kernel
                ? throw new SystemFailure("the kernel has no wireguard module, and wireguard.implementation is 'kernel'", e)
                : false;
        }

        log($"made the WireGuard link {plan.Interface} of the kernel");
        using var device = KernelWireGuard.Open(netns, plan.Interface);
        Configure(device, config);
        return true;
    }

    private void CreateUserspaceLink(NetlinkSocket outside, WireGuardConfig config)
    {
        var path = UserspaceProgram.Find()
            ?? throw new SystemFailure(plan.Implementation is WireGuardImplementation.Userspace
                ? "no WireGuard: wireguard-go was not found; install package wireguard-go"
                : "no WireGuard: the kernel has no wireguard module and wireguard-go was not found; install package wireguard-go");

        // Unique: the names of userspace sockets are those of the whole mount namespace. 15 characters at most.
        var temporary = "vpnc" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
        new WireGuardRecord(birthplace.Place, plan.Interface, temporary).Save(ns);
        var pid = UserspaceProgram.Start(path, temporary, birthplace.Handle);
        try
        {
            var link = Links.Get(outside, temporary);
            Links.EnsureNoGeneratedAddresses(outside, link);
            using var device = new UserspaceWireGuard(temporary);
            Configure(device, config);
            Links.Move(outside, link, plan.Interface, netns);
        }
        catch (SystemFailure)
        {
            ChildProcess.Kill(pid);
            throw;
        }

        log($"made the WireGuard link {plan.Interface} of {path}");
    }

    private void Configure(IWireGuard device, WireGuardConfig config)
    {
        using var current = device.Read();
        if (!current.Matches(config))
        {
            device.Apply(config, current);
            RequireTaken(device, config);
            log($"configured the WireGuard link {plan.Interface} with {config.Peers.Count} peers");
        }
    }

    // WireGuard leaves out a peer with the interface's own public key and says nothing: the tunnel would seem to be up.
    private void RequireTaken(IWireGuard device, WireGuardConfig config)
    {
        using var made = device.Read();
        var keys = made.Peers.Select(peer => peer.PublicKey).ToHashSet();
        if (config.Peers.FirstOrDefault(peer => !keys.Contains(peer.PublicKey)) is { } absent)
        {
            throw new SystemFailure(
                $"the WireGuard link {plan.Interface} left out the peer {absent.PublicKey}: is that this interface's own public key? Write the provider's");
        }

        // Said at once: one that does not hold what it is told would be looked after for ever.
        if (TunnelComparison.OfDevice(plan, TunnelLook.StateOf(made)).FirstOrDefault() is { } drift)
        {
            throw new SystemFailure($"the WireGuard link {plan.Interface} does not hold what it was told: it {drift}");
        }
    }
}
