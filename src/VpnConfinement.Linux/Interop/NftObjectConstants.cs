namespace VpnConfinement.Linux.Interop;

/// <summary>Constants of nf_tables' stateful objects (linux/netfilter/nf_tables.h, linux/netfilter.h).</summary>
internal static class NftObjectConstants
{
    internal const byte NFPROTO_INET = 1;
    internal const ushort NFT_MSG_GETOBJ = 19;
    internal const ushort NFTA_OBJ_TABLE = 1;
    internal const ushort NFTA_OBJ_NAME = 2;
    internal const ushort NFTA_OBJ_TYPE = 3;
    internal const ushort NFTA_OBJ_DATA = 4;
    internal const uint NFT_OBJECT_COUNTER = 1;
    internal const ushort NFTA_COUNTER_BYTES = 1;
    internal const ushort NFTA_COUNTER_PACKETS = 2;
}
