namespace VpnConfinement.Linux.Interop;

/// <summary>
/// Constants of nf_tables (linux/netfilter/nf_tables.h, linux/netfilter.h); those after Linux 6.1 by their number.
/// </summary>
internal static class NfTablesConstants
{
    internal const byte NFPROTO_UNSPEC = 0;
    internal const byte NFPROTO_INET = 1;
    internal const byte NFPROTO_IPV4 = 2;
    internal const byte NFPROTO_IPV6 = 10;

    internal const uint NF_INET_LOCAL_IN = 1;
    internal const uint NF_INET_LOCAL_OUT = 3;
    internal const uint NF_DROP = 0;

    internal const ushort NFT_MSG_NEWTABLE = 0;
    internal const ushort NFT_MSG_GETTABLE = 1;
    internal const ushort NFT_MSG_DELTABLE = 2;
    internal const ushort NFT_MSG_NEWCHAIN = 3;
    internal const ushort NFT_MSG_GETCHAIN = 4;
    internal const ushort NFT_MSG_NEWRULE = 6;
    internal const ushort NFT_MSG_GETRULE = 7;
    internal const ushort NFT_MSG_NEWSET = 9;
    internal const ushort NFT_MSG_GETSET = 10;
    internal const ushort NFT_MSG_NEWSETELEM = 12;
    internal const ushort NFT_MSG_GETSETELEM = 13;
    internal const ushort NFT_MSG_GETGEN = 16;
    internal const ushort NFT_MSG_NEWOBJ = 18;
    internal const ushort NFT_MSG_GETOBJ = 19;
    internal const ushort NFT_MSG_GETFLOWTABLE = 23;

    internal const ushort NFTA_LIST_ELEM = 1;

    internal const ushort NFTA_GEN_ID = 1;

    internal const ushort NFTA_TABLE_NAME = 1;
    internal const ushort NFTA_TABLE_FLAGS = 2;
    internal const ushort NFTA_TABLE_USE = 3;
    internal const ushort NFTA_TABLE_HANDLE = 4;
    internal const ushort NFTA_TABLE_PAD = 5;
    internal const ushort NFTA_TABLE_USERDATA = 6;

    internal const uint NFT_TABLE_F_DORMANT = 1;

    internal const ushort NFTA_CHAIN_TABLE = 1;
    internal const ushort NFTA_CHAIN_HANDLE = 2;
    internal const ushort NFTA_CHAIN_NAME = 3;
    internal const ushort NFTA_CHAIN_HOOK = 4;
    internal const ushort NFTA_CHAIN_POLICY = 5;
    internal const ushort NFTA_CHAIN_USE = 6;
    internal const ushort NFTA_CHAIN_COUNTERS = 8;
    internal const ushort NFTA_CHAIN_PAD = 9;
    internal const ushort NFTA_CHAIN_ID = 11;
    internal const ushort NFTA_CHAIN_USERDATA = 12;

    internal const ushort NFTA_HOOK_HOOKNUM = 1;

    internal const ushort NFTA_RULE_TABLE = 1;
    internal const ushort NFTA_RULE_CHAIN = 2;
    internal const ushort NFTA_RULE_HANDLE = 3;
    internal const ushort NFTA_RULE_EXPRESSIONS = 4;
    internal const ushort NFTA_RULE_POSITION = 6;
    internal const ushort NFTA_RULE_USERDATA = 7;
    internal const ushort NFTA_RULE_PAD = 8;
    internal const ushort NFTA_RULE_ID = 9;
    internal const ushort NFTA_RULE_POSITION_ID = 10;
    internal const ushort NFTA_RULE_CHAIN_ID = 11;

    internal const ushort NFTA_EXPR_NAME = 1;
    internal const ushort NFTA_EXPR_DATA = 2;

    internal const ushort NFTA_LOOKUP_SET = 1;
    internal const ushort NFTA_DYNSET_SET_NAME = 1;
    internal const ushort NFTA_DYNSET_PAD = 9;
    internal const ushort NFTA_OBJREF_SET_NAME = 4;
    internal const ushort NFTA_COUNTER_BYTES = 1;
    internal const ushort NFTA_COUNTER_PACKETS = 2;
    internal const ushort NFTA_COUNTER_PAD = 3;
    internal const ushort NFTA_QUOTA_PAD = 3;
    internal const ushort NFTA_QUOTA_CONSUMED = 4;
    internal const ushort NFTA_LAST_SET = 1;
    internal const ushort NFTA_LAST_MSECS = 2;
    internal const ushort NFTA_LAST_PAD = 3;
    internal const ushort NFTA_LIMIT_PAD = 6;

    internal const ushort NFTA_SET_TABLE = 1;
    internal const ushort NFTA_SET_NAME = 2;
    internal const ushort NFTA_SET_FLAGS = 3;
    internal const ushort NFTA_SET_ID = 10;
    internal const ushort NFTA_SET_USERDATA = 13;
    internal const ushort NFTA_SET_PAD = 14;
    internal const ushort NFTA_SET_HANDLE = 16;
    internal const ushort NFTA_SET_EXPR = 17;
    internal const ushort NFTA_SET_EXPRESSIONS = 18;
    internal const ushort NFTA_SET_TYPE = 19;
    internal const ushort NFTA_SET_COUNT = 20;

    internal const uint NFT_SET_ANONYMOUS = 0x1;
    internal const uint NFT_SET_TIMEOUT = 0x10;
    internal const uint NFT_SET_EVAL = 0x20;

    internal const ushort NFTA_SET_ELEM_LIST_TABLE = 1;
    internal const ushort NFTA_SET_ELEM_LIST_SET = 2;
    internal const ushort NFTA_SET_ELEM_LIST_ELEMENTS = 3;

    internal const ushort NFTA_SET_ELEM_EXPIRATION = 5;
    internal const ushort NFTA_SET_ELEM_USERDATA = 6;
    internal const ushort NFTA_SET_ELEM_EXPR = 7;
    internal const ushort NFTA_SET_ELEM_PAD = 8;
    internal const ushort NFTA_SET_ELEM_EXPRESSIONS = 11;

    internal const ushort NFTA_OBJ_TABLE = 1;
    internal const ushort NFTA_OBJ_NAME = 2;
    internal const ushort NFTA_OBJ_TYPE = 3;
    internal const ushort NFTA_OBJ_DATA = 4;
    internal const ushort NFTA_OBJ_USE = 5;
    internal const ushort NFTA_OBJ_HANDLE = 6;
    internal const ushort NFTA_OBJ_PAD = 7;
    internal const ushort NFTA_OBJ_USERDATA = 8;

    internal const uint NFT_OBJECT_COUNTER = 1;
    internal const uint NFT_OBJECT_QUOTA = 2;

    internal const ushort NFTA_FLOWTABLE_TABLE = 1;
    internal const ushort NFTA_FLOWTABLE_NAME = 2;
    internal const ushort NFTA_FLOWTABLE_USE = 4;
    internal const ushort NFTA_FLOWTABLE_HANDLE = 5;
    internal const ushort NFTA_FLOWTABLE_PAD = 6;
}
