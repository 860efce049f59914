using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.NfTablesConstants;

namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>Requests to nf_tables: struct nfgenmsg with the family, then attributes.</summary>
internal static class NfMessages
{
    /// <summary>Bytes that hold any of them: two names of 255 bytes.</summary>
    internal const int Room = 640;

    // struct nfgenmsg: a batch is addressed to a subsystem, in network order.
    private static readonly byte[] ToNfTables = [0, 0, 0, (byte)NFNL_SUBSYS_NFTABLES];

    /// <summary>The question for the number of the generation.</summary>
    internal static Span<byte> Generation(Span<byte> buffer)
    {
        var writer = new NetlinkWriter(buffer, Type(NFT_MSG_GETGEN));
        writer.Struct([0, 0, 0, 0]);
        return writer.Finish();
    }

    /// <summary>The question for one table.</summary>
    internal static Span<byte> Table(Span<byte> buffer, string table) =>
        Of(buffer, NFT_MSG_GETTABLE, 0, NFTA_TABLE_NAME, table);

    /// <summary>The list request for what is in a table.</summary>
    /// <param name="buffer">Takes the message.</param>
    /// <param name="message"><c>NFT_MSG_GETCHAIN</c>, or that of another kind.</param>
    /// <param name="table">Its name; attribute 1 of every kind.</param>
    internal static Span<byte> ListOf(Span<byte> buffer, ushort message, string table) =>
        Of(buffer, message, NLM_F_DUMP, NFTA_CHAIN_TABLE, table);

    /// <summary>The list request for the elements of a set.</summary>
    internal static Span<byte> Elements(Span<byte> buffer, string table, string set)
    {
        var writer = new NetlinkWriter(buffer, Type(NFT_MSG_GETSETELEM), NLM_F_DUMP);
        writer.Struct([NFPROTO_INET, 0, 0, 0]);
        writer.Text(NFTA_SET_ELEM_LIST_TABLE, table);
        writer.Text(NFTA_SET_ELEM_LIST_SET, set);
        return writer.Finish();
    }

    /// <summary>The transaction that deletes a table and all in it.</summary>
    internal static Span<byte> Deletion(Span<byte> buffer, string table)
    {
        var length = Edge(buffer, NFNL_MSG_BATCH_BEGIN).Length;
        length += Of(buffer[length..], NFT_MSG_DELTABLE, NLM_F_ACK, NFTA_TABLE_NAME, table).Length;
        return buffer[..(length + Edge(buffer[length..], NFNL_MSG_BATCH_END).Length)];
    }

    /// <summary>A transaction that changes nothing. The kernel deals with it after those that are under way.</summary>
    internal static Span<byte> Nothing(Span<byte> buffer)
    {
        var length = Edge(buffer, NFNL_MSG_BATCH_BEGIN).Length;
        return buffer[..(length + Edge(buffer[length..], NFNL_MSG_BATCH_END).Length)];
    }

    /// <summary>The beginning or the end of a transaction.</summary>
    internal static Span<byte> Edge(Span<byte> buffer, ushort type)
    {
        var writer = new NetlinkWriter(buffer, type);
        writer.Struct(ToNfTables);
        return writer.Finish();
    }

    /// <summary>A message about a table.</summary>
    internal static Span<byte> Of(Span<byte> buffer, ushort message, ushort flags, ushort attribute, string table)
    {
        var writer = new NetlinkWriter(buffer, Type(message), flags);
        writer.Struct([NFPROTO_INET, 0, 0, 0]);
        writer.Text(attribute, table);
        return writer.Finish();
    }

    /// <summary>The type of a message of nf_tables.</summary>
    internal static ushort Type(ushort message) => (ushort)((NFNL_SUBSYS_NFTABLES << 8) | message);
}
