using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Matrix;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests.Matrix;

/// <summary>The columns of the leak matrix. A boot, a reboot and a shutdown have tests of their own.</summary>
internal static class LeakStates
{
    private const string Inside = "nsenter --net=/run/netns/media -- ";
    private const string NoLink = "the link wg0 ";

    // Writing ip_forward, or those of IPv6, writes the setting of every link, and the others are looked at for all links together.
    private const string Settings = "cd /proc/sys/net; echo 0 > ipv4/ip_forward; echo 1 > ipv4/ip_forward; echo 1 > ipv6/conf/all/forwarding; echo 0 > ipv6/conf/all/disable_ipv6; cd ipv4/conf/all; echo 1 > route_localnet; echo 1 > accept_local; echo 0 > rp_filter";
    private const string SettingsBack = "cd /proc/sys/net/ipv4/conf/all; echo 0 > route_localnet; echo 0 > accept_local; cd /proc/sys/net/ipv6/conf; echo 0 > all/forwarding; for l in vh-*; do echo 1 > $l/disable_ipv6; done";

    // As systemd-networkd does by a file that matches every link: the uplink and the host link become ports of one bridge, which takes over the uplink's address.
    private const string Bridge = Inside + "tc qdisc del dev vn-media clsact 2>/dev/null; ip link add uplink0br type bridge mcast_snooping 0; ip link set uplink0br address $(cat /sys/class/net/uplink0/address); echo 1 > /proc/sys/net/ipv6/conf/uplink0br/disable_ipv6; ip link set uplink0br up; "
        + "ip neigh replace 169.254.77.6 lladdr $(ip neigh show 169.254.77.6 dev vh-media | grep -o 'lladdr [0-9a-f:]*' | cut -d' ' -f2) dev vh-media nud permanent; "
        + "ip link set uplink0 master uplink0br; ip link set vh-media master uplink0br; ip -4 address flush dev uplink0; ip address add 198.51.100.2/24 dev uplink0br; ip route add default via 198.51.100.1 dev uplink0br";
    private const string BridgeBack = "ip link del uplink0br; ip address add 198.51.100.2/24 dev uplink0; ip route add default via 198.51.100.1 dev uplink0; ip neigh del 169.254.77.6 dev vh-media";

    // Older kernels rename a link only while it is down.
    private const string Rename = "ip link set vh-media name vh-elsewhere || { ip link set vh-media down; ip link set vh-media name vh-elsewhere; ip link set vh-elsewhere up; }";

    // What the host itself sends to the published port meanwhile: a reverse proxy's request.
    private static readonly string AddressAway = $"ip address flush dev {Place.HostEnd}; timeout 1 bash -c 'echo request > /dev/tcp/{Place.NamespaceAddress}/{Place.NamespacePort}' 2>/dev/null; true";

    private static readonly string Device = LabHost.ShellDevice(Laboratory.Namespace, Place.Tunnel, $"0x{Place.TunnelMark:x}");

    public static IReadOnlyList<LeakState> All { get; } =
    [
        new("up", "S-3 S-4 S-5", TunnelState.Works, "true"),
        new("before-first-handshake", "S-6", TunnelState.Broken, $"sed -i 's|^PublicKey = .*|PublicKey = '$(wg genkey | wg pubkey)'|' {Laboratory.ProviderFile}; {Laboratory.Product} apply --no-wait")
        {
            Undo = $"cp /etc/wireguard/as-provided.conf {Laboratory.ProviderFile}",
        },
        new("tunnel-stopped", "S-6 S-17", TunnelState.Broken, $"systemctl stop {Laboratory.TunnelUnit}") { Undo = $"systemctl start {Laboratory.TunnelUnit}" },
        new("link-deleted", "S-6", TunnelState.Broken, Inside + "ip link delete wg0") { StatusSays = NoLink },
        new("link-down", "S-6", TunnelState.Broken, Inside + "ip link set wg0 down") { StatusSays = NoLink },
        new("peer-removed", "S-6", TunnelState.Broken, Device + "for p in $(wg show $n peers); do wg set $n peer $p remove; done") { StatusSays = NoLink },
        new("routes-flushed", "S-6", TunnelState.Broken, Inside + "ip route flush table main") { StatusSays = NoLink },
        new("addresses-flushed", "S-6", TunnelState.Broken, Inside + "ip address flush dev wg0") { StatusSays = NoLink },
        new("userspace-program-killed", "S-6", TunnelState.Broken, "pkill -KILL -x wireguard-go") { IsUserspaceOnly = true, StatusSays = NoLink },
        new("key-rotated", "S-6", TunnelState.Broken, Device + "wg genkey > /run/other.key; wg set $n private-key /run/other.key") { StatusSays = NoLink },
        // A packet of the provider's that is still on its way brings the endpoint back: WireGuard follows its peers.
        new("mark-changed", "S-15", TunnelState.Either, Device + "wg set $n fwmark 0") { StatusSays = NoLink },
        new("endpoint-changed", "S-15", TunnelState.Either, Device + $"wg set $n peer $(wg show $n peers) endpoint {Addresses.OtherResolver}:51820")
        {
            Undo = $"systemctl restart {Laboratory.TunnelUnit}",
        },
        new("ruleset-flushed", "S-21", TunnelState.Works, Inside + "nft flush ruleset") { RulesetHolds = false, StatusSays = "the ruleset" },
        new("host-ruleset-flushed", "S-21", TunnelState.Either, "nft flush ruleset"),
        new("nftables-service-restarted", "S-21", TunnelState.Either, "systemctl restart nftables.service"),
        new("firewalld-reloaded", "S-21", TunnelState.Either, $"nft -f {MatrixMachine.FirewalldRules}; nft -f {MatrixMachine.FirewalldRules}") { Undo = "nft delete table inet firewalld" },
        new("host-settings-changed", "S-5 S-21", TunnelState.Works, Settings) { StatusSays = "the kernel setting ", Undo = SettingsBack },
        new("host-ruleset-flushed-and-settings-changed", "S-5 S-21", TunnelState.Either, "nft flush ruleset; " + Settings) { Undo = SettingsBack },
        new("host-link-renamed", "S-5 S-36", TunnelState.Works, Rename + "; " + Settings) { StatusSays = "vh-media", Undo = SettingsBack },
        new("host-link-renamed-and-ruleset-flushed", "S-5 S-36", TunnelState.Either, Rename + "; nft flush ruleset; " + Settings) { StatusSays = "vh-media", Undo = SettingsBack },
        new("host-link-in-bridge", "S-5 S-36", TunnelState.Either, Bridge) { StatusSays = "vh-media", Undo = BridgeBack },
        new("host-link-address-flushed", "S-36", TunnelState.Works, AddressAway) { StatusSays = "vh-media" },
        // The kernel looks for the provider on the link itself, and three seconds later tells the machine that it is not there.
        new("default-route-away-and-back", "S-6", TunnelState.Either, "ip route del default; sleep 4; ip route add default via 198.51.100.1 dev uplink0"),
        new("netns-name-deleted", "S-21", TunnelState.Either, "umount -l /run/netns/media && rm /run/netns/media"),
        new("manager-reloaded", "S-21", TunnelState.Works, "systemctl daemon-reload"),
        new("manager-reexecuted", "S-21", TunnelState.Works, "systemctl daemon-reexec"),
        new("resolved-restarted", "S-21 S-4", TunnelState.Works, $"systemctl restart {MatrixMachine.Resolved}"),
        new("daemons-restarted", "S-21 S-4", TunnelState.Works, $"systemctl restart {MatrixMachine.Daemons}; systemctl restart dbus.socket dbus.service; true"),
        new("resolver-file-rewritten", "S-21 S-4", TunnelState.Works, $"echo nameserver {Addresses.OrdinaryResolver} > /etc/resolv.conf"),
        new("resolver-file-replaced", "S-21 S-4", TunnelState.Works, $"echo nameserver {Addresses.OrdinaryResolver} > /etc/new && mv /etc/new /etc/resolv.conf")
        {
            LookupsWork = false, Undo = MatrixMachine.LinkResolverFile,
        },
        new("resolver-file-made-another-link", "S-21 S-4", TunnelState.Works,
            $"mkdir -p /run/elsewhere && echo nameserver {Addresses.OrdinaryResolver} > /run/elsewhere/resolv.conf && ln -sfn /run/elsewhere/resolv.conf /etc/resolv.conf")
        {
            LookupsWork = false, Undo = MatrixMachine.LinkResolverFile,
        },
        new("applied-under-traffic", "S-6", TunnelState.Works, $"sed -i '/{Place.NamespacePort}/a dns.servers = [\"{Addresses.PinnedResolver}\", \"10.64.0.99\"]' {Laboratory.ConfigFile}; {Laboratory.Product} apply --no-wait")
        {
            Restarts = true, Undo = $"sed -i '/10.64.0.99/d' {Laboratory.ConfigFile}",
        },
        new("changed-while-up", "S-30", TunnelState.Works, $"sed -i 's/{Place.NamespacePort}/{Place.NamespacePort + 1}/' {Laboratory.ConfigFile}; {Laboratory.Product} apply --no-wait")
        {
            Undo = $"sed -i 's/{Place.NamespacePort + 1}/{Place.NamespacePort}/' {Laboratory.ConfigFile}",
        },
        new("ipv6-tunnelled", "S-3", TunnelState.Works, $"sed -i 's/disable/tunnel/' {Laboratory.ConfigFile}; {Laboratory.Product} apply --no-wait")
        {
            HasIPv6 = true, Restarts = true, Undo = $"sed -i 's/\"tunnel\"/\"disable\"/' {Laboratory.ConfigFile}",
        },
    ];
}
