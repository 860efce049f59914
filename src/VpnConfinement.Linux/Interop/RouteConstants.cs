namespace VpnConfinement.Linux.Interop;

/// <summary>Constants of rtnetlink (linux/rtnetlink.h, if_link.h, if_addr.h, if.h, veth.h, fib_rules.h, pkt_sched.h, pkt_cls.h).</summary>
internal static class RouteConstants
{
    internal const ushort RTM_NEWLINK = 16;
    internal const ushort RTM_DELLINK = 17;
    internal const ushort RTM_GETLINK = 18;
    internal const ushort RTM_NEWADDR = 20;
    internal const ushort RTM_DELADDR = 21;
    internal const ushort RTM_GETADDR = 22;
    internal const ushort RTM_NEWROUTE = 24;
    internal const ushort RTM_DELROUTE = 25;
    internal const ushort RTM_GETROUTE = 26;
    // struct ndmsg: family, padding (3), index, state (u16), flags, type
    internal const ushort RTM_NEWNEIGH = 28;
    internal const int NeighbourMessageLength = 12;
    internal const ushort NUD_REACHABLE = 0x02;
    internal const ushort NDA_DST = 1;
    internal const ushort NDA_LLADDR = 2;

    // linux/netconf.h; struct netconfmsg is one byte, padded to four.
    internal const ushort RTM_NEWNETCONF = 80;
    internal const ushort RTM_DELNETCONF = 81;
    internal const int NetconfMessageLength = 4;
    internal const ushort NETCONFA_IFINDEX = 1;
    internal const int NETCONFA_IFINDEX_ALL = -1;

    internal const ushort RTM_NEWRULE = 32;
    internal const ushort RTM_DELRULE = 33;
    internal const ushort RTM_GETRULE = 34;

    internal const ushort RTM_NEWQDISC = 36;
    internal const ushort RTM_DELQDISC = 37;
    internal const ushort RTM_GETQDISC = 38;
    internal const ushort RTM_NEWTFILTER = 44;
    internal const ushort RTM_GETTFILTER = 46;

    internal const ushort IFLA_ADDRESS = 1;
    internal const ushort IFLA_IFNAME = 3;
    internal const ushort IFLA_MTU = 4;
    internal const ushort IFLA_LINK = 5;
    internal const ushort IFLA_MASTER = 10;
    internal const ushort IFLA_LINKINFO = 18;
    internal const ushort IFLA_IFALIAS = 20;
    internal const ushort IFLA_AF_SPEC = 26;
    internal const ushort IFLA_NET_NS_FD = 28;
    internal const ushort IFLA_LINK_NETNSID = 37;
    internal const ushort IFLA_INFO_KIND = 1;
    internal const ushort IFLA_INFO_DATA = 2;
    internal const ushort VETH_INFO_PEER = 1;
    internal const ushort IFLA_INET6_ADDR_GEN_MODE = 8;
    internal const byte IN6_ADDR_GEN_MODE_NONE = 1;

    internal const uint IFF_UP = 1;
    internal const uint IFF_LOOPBACK = 8;

    internal const ushort IFA_ADDRESS = 1;
    internal const ushort IFA_LOCAL = 2;
    internal const ushort IFA_FLAGS = 8;
    internal const uint IFA_F_NODAD = 0x02;

    // struct rtmsg: family, destination and source length, tos, table, protocol, scope, type, flags (u32)
    internal const int RouteMessageLength = 12;
    internal const ushort RTA_DST = 1;
    internal const ushort RTA_OIF = 4;
    internal const ushort RTA_GATEWAY = 5;
    internal const ushort RTA_PRIORITY = 6;
    internal const ushort RTA_PREFSRC = 7;
    internal const ushort RTA_METRICS = 8;
    internal const ushort RTA_TABLE = 15;
    internal const ushort RTA_MARK = 16;
    internal const ushort RTAX_MTU = 2;
    internal const byte RT_TABLE_MAIN = 254;
    internal const byte RT_TABLE_LOCAL = 255;
    internal const byte RTPROT_KERNEL = 2;
    internal const byte RTPROT_STATIC = 4;
    internal const byte RT_SCOPE_UNIVERSE = 0;
    internal const byte RT_SCOPE_LINK = 253;
    internal const byte RT_SCOPE_HOST = 254;
    internal const byte RT_SCOPE_NOWHERE = 255;
    internal const byte RTN_UNICAST = 1;
    internal const byte RTN_LOCAL = 2;
    internal const byte RTN_UNREACHABLE = 7;
    internal const uint RTM_F_CLONED = 0x200;

    // struct tcmsg: family, padding (3 bytes), index (s32), handle, parent, information: priority and protocol (u32 each)
    internal const int TcMessageLength = 20;
    internal const uint TC_H_CLSACT = 0xffff_fff1;
    internal const uint TC_H_CLSACT_HANDLE = 0xffff_0000;
    internal const uint TC_H_CLSACT_INGRESS = 0xffff_fff2;
    internal const uint TC_H_CLSACT_EGRESS = 0xffff_fff3;
    internal const ushort TCA_KIND = 1;
    internal const ushort TCA_OPTIONS = 2;
    internal const ushort TCA_BPF_OPS_LEN = 4;
    internal const ushort TCA_BPF_OPS = 5;
    internal const ushort TCA_BPF_FLAGS = 8;
    internal const uint TCA_BPF_FLAG_ACT_DIRECT = 1;
    internal const ushort ETH_P_ALL = 3;

    // struct fib_rule_hdr: family, destination and source length, tos, table, two reserved, action, flags (u32)
    internal const int FibRuleHeaderLength = 12;
    internal const ushort FRA_IIFNAME = 3;
    internal const ushort FRA_PRIORITY = 6;
    internal const ushort FRA_SUPPRESS_PREFIXLEN = 14;
    internal const ushort FRA_TABLE = 15;
    internal const ushort FRA_PROTOCOL = 21;
    internal const byte FR_ACT_BLACKHOLE = 6;
    internal const uint FIB_RULE_INVERT = 2;
}
