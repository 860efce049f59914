using System.Net;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Drift;

/// <summary>One end of a host link as it must be.</summary>
/// <param name="Title">Which end, to begin a sentence.</param>
/// <param name="Name">What it is called.</param>
/// <param name="HardwareAddress">Its hardware address.</param>
/// <param name="Address">Its only address, with prefix length.</param>
/// <param name="Subnet">Where the only route over it leads, with prefix length.</param>
/// <param name="Alias">The alias that says whose it is.</param>
public sealed record LinkEndSpec(
    string Title, string Name, string HardwareAddress, string Address, string Subnet, string Alias)
{
    /// <summary>MTU of both ends, in bytes: the kernel's for a veth (linux/if_ether.h, ETH_DATA_LEN).</summary>
    public const uint Mtu = 1500;

    /// <summary>The host's end of a namespace's host link, or null where that has none.</summary>
    public static LinkEndSpec? OfHost(NamespacePlan plan) => plan.HostLink is not { } link ? null : new(
        $"the host's end {link.HostInterface} of the host link",
        link.HostInterface,
        link.HostMac.ToString(),
        WithLength(link, link.HostAddress),
        link.Subnet.ToString(),
        AliasOf(plan.Namespace));

    /// <summary>The namespace's end of its host link, or null where it has none.</summary>
    public static LinkEndSpec? OfNamespace(NamespacePlan plan) => plan.HostLink is not { } link ? null : new(
        $"the namespace's end {link.NamespaceInterface} of the host link",
        link.NamespaceInterface,
        link.NamespaceMac.ToString(),
        WithLength(link, link.NamespaceAddress),
        link.Subnet.ToString(),
        AliasOf(plan.Namespace));

    /// <summary>The alias of the links of a namespace, which <c>ip link</c> shows.</summary>
    public static string AliasOf(string ns) => $"vpn-confinement:{ns}";

    private static string WithLength(HostLinkPlan link, IPAddress address) =>
        new InterfaceAddress(address, link.Subnet.PrefixLength).ToString();
}
