using System.Net;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

/// <summary>A namespace of one test: unique names, and taken down at the end whatever happened.</summary>
internal sealed class TestPlan : IDisposable
{
    internal const string PeerKey = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    private static int _count;

    internal TestPlan()
    {
        Sandbox.Require();
        var number = Interlocked.Increment(ref _count);
        Name = $"t{number}";
        _ = NamespaceName.TryParse(Name, out var name);
        _ = InterfaceName.TryParse($"vh-t{number}", out var hostInterface);
        _ = InterfaceName.TryParse($"vn-t{number}", out var namespaceInterface);
        var link = new Model.HostLink { HostInterface = hostInterface, NamespaceInterface = namespaceInterface, Subnet = IPNetwork.Parse($"169.254.{number}.0/30"), TcpPorts = [9091] };
        HostLink = LinkOf(name, link) with { HostTable = $"vpnc_host_t{number}" };
        KeyFile = $"/run/key-{Name}";
        WriteKey(KeyFile);
    }

    internal string Name { get; }

    internal HostLinkPlan HostLink { get; }

    internal string KeyFile { get; }

    internal string Interface => $"wg-{Name}";

    internal List<string> Log { get; } = [];

    internal string Ruleset { get; set; } = """
        table inet vpnc {
          counter refused { }
          set ports { type inet_service; elements = { 9091, 80, 443, 22, 1, 65000, 7, 8080 } }
          chain input { type filter hook input priority filter; policy drop; iifname "lo" accept; ct state established accept; tcp dport @ports accept; }
          chain forward { type filter hook forward priority filter; policy drop; }
          chain output { type filter hook output priority filter; policy drop; oifname "lo" accept; ct state established accept; oifname "wg-*" accept; counter name refused; }
        }

        """;

    internal StoredPlan Stored(bool hostLink = false, Func<WireGuardPlan, WireGuardPlan>? change = null, bool disableIPv6 = true)
    {
        var wireGuard = new WireGuardPlan
        {
            Interface = Link(Interface),
            Implementation = WireGuardImplementation.Auto,
            Addresses = [new InterfaceAddress(IPAddress.Parse("10.64.0.2"), 32)],
            Routes = [IPNetwork.Parse("0.0.0.0/0")],
            Mtu = 1380,
            ListenPort = null,
            FwMark = 51820,
            PrivateKeyFile = KeyFile,
            GeneratePrivateKey = false,
            Birthplace = null,
            BirthplaceManaged = false,
            Resolvers = [],
            Peers =
            [
                new PeerPlan
                {
                    PublicKey = Key(PeerKey),
                    PresharedKeyFile = null,
                    Endpoint = IPEndPoint.Parse("198.51.100.7:51820"),
                    EndpointName = null,
                    RefreshSeconds = 0,
                    AllowedIPs = [IPNetwork.Parse("0.0.0.0/0")],
                    PersistentKeepalive = 25,
                },
            ],
        };
        return new StoredPlan(
            new NamespacePlan
            {
                Version = NamespacePlan.CurrentVersion,
                Namespace = Name,
                RulesetSha256 = ContentHash.Of(Ruleset),
                DisableIPv6 = disableIPv6,
                HostLink = hostLink ? HostLink : null,
                WireGuard = change is null ? wireGuard : change(wireGuard),
                PinnedFiles = [],
                Pinning = null,
                Policy = null,
            },
            Ruleset);
    }

    /// <summary>A plan whose endpoints are pinned, by the ruleset that the compiler makes.</summary>
    internal StoredPlan Pinned(StoredPlan stored)
    {
        _ = NamespaceName.TryParse(Name, out var name);
        return stored with
        {
            Plan = stored.Plan with
            {
                PinnedFiles = [],
                Pinning = new PinPlan { Table = EndpointPinRuleset.Table(name), Mark = stored.Plan.WireGuard.FwMark },
            },
        };
    }

    internal void Up(StoredPlan stored)
    {
        Log.Clear();
        NetnsUp.Run(stored, Log.Add);
    }

    internal void WireGuard(StoredPlan stored)
    {
        Log.Clear();
        WireGuardUp.Run(stored.Plan, Log.Add);
    }

    internal void Down()
    {
        WireGuardDown.Run(Name, Interface, Log.Add);
        NetnsDown.Run(Name, null, Log.Add);
    }

    internal string In(string command) => Shell.In(Name, command);

    /// <summary>What the plan of a namespace says of its host link.</summary>
    internal static HostLinkPlan LinkOf(NamespaceName ns, Model.HostLink link) => new()
    {
        HostInterface = link.HostInterface,
        NamespaceInterface = link.NamespaceInterface,
        HostAddress = link.HostAddress,
        NamespaceAddress = link.NamespaceAddress,
        Subnet = link.Subnet,
        HostMac = HostLinkDerivation.HostMac(ns),
        NamespaceMac = HostLinkDerivation.NamespaceMac(ns),
        HostTable = HostLinkDerivation.HostTable(ns),
    };

    internal static PublicKey Key(string text) =>
        PublicKey.TryParse(text, out var key) ? key : throw new FormatException(text);

    internal static InterfaceName Link(string name) =>
        InterfaceName.TryParse(name, out var parsed) ? parsed : throw new FormatException(name);

    internal static void WriteKey(string path) => Shell.Run($"umask 077; wg genkey > {path}");

    public void Dispose()
    {
        Shell.Try($"umount /run/netns/{Name}; rm -f /run/netns/{Name} /run/vpn-confinement/{Name}.* /run/vpn-confinement/locks/ns-{Name}; ip link del {HostLink.HostInterface}; ip rule del pref 1 iif {HostLink.HostInterface}; ip -6 rule del pref 1 iif {HostLink.HostInterface}; nft delete table inet {HostLink.HostTable}; ip route del unreachable {HostLink.Subnet} metric 4294967295");
    }
}
