namespace VpnConfinement.Linux.Interop;

/// <summary>Constants of the kernel's WireGuard (linux/wireguard.h).</summary>
internal static class WireGuardConstants
{
    internal const string WG_GENL_NAME = "wireguard";
    internal const byte WG_GENL_VERSION = 1;
    internal const int WG_KEY_LEN = 32;

    internal const byte WG_CMD_GET_DEVICE = 0;
    internal const byte WG_CMD_SET_DEVICE = 1;

    internal const ushort WGDEVICE_A_IFNAME = 2;
    internal const ushort WGDEVICE_A_PRIVATE_KEY = 3;
    internal const ushort WGDEVICE_A_PUBLIC_KEY = 4;
    internal const ushort WGDEVICE_A_LISTEN_PORT = 6;
    internal const ushort WGDEVICE_A_FWMARK = 7;
    internal const ushort WGDEVICE_A_PEERS = 8;

    internal const uint WGPEER_F_REMOVE_ME = 1;
    internal const uint WGPEER_F_REPLACE_ALLOWEDIPS = 2;
    internal const uint WGPEER_F_UPDATE_ONLY = 4;

    internal const ushort WGPEER_A_PUBLIC_KEY = 1;
    internal const ushort WGPEER_A_PRESHARED_KEY = 2;
    internal const ushort WGPEER_A_FLAGS = 3;
    internal const ushort WGPEER_A_ENDPOINT = 4;
    internal const ushort WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL = 5;
    internal const ushort WGPEER_A_LAST_HANDSHAKE_TIME = 6;
    internal const ushort WGPEER_A_RX_BYTES = 7;
    internal const ushort WGPEER_A_TX_BYTES = 8;
    internal const ushort WGPEER_A_ALLOWEDIPS = 9;

    internal const ushort WGALLOWEDIP_A_FAMILY = 1;
    internal const ushort WGALLOWEDIP_A_IPADDR = 2;
    internal const ushort WGALLOWEDIP_A_CIDR_MASK = 3;
}
