using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.NfTablesConstants;

namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>
/// Writes a transaction that makes a table out of its image, or replaces one. What nf_tables reports of an object is
/// what it takes to make it, but for what it counts and numbers itself. Whether it made the same is read afterwards
/// (<see cref="NfTablesSocket.Read"/>).
/// </summary>
internal sealed class NfTransaction
{
    // An attribute has 65,535 bytes at most, and the list of elements is one.
    private const int MostElementBytes = 32 * 1024;
    private const int Head = 64;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly string _table;
    private int _last;
    private uint _set;

    private NfTransaction(string table) => _table = table;

    /// <summary>The transaction.</summary>
    /// <param name="image">What is to be made.</param>
    /// <param name="replacing">Whether a table of the name is there, which is deleted in the same transaction.</param>
    internal static Span<byte> Of(NfImage image, bool replacing)
    {
        var transaction = new NfTransaction(image.Name);
        transaction.Write(image, replacing);
        return transaction.Finish();
    }

    private void Write(NfImage image, bool replacing)
    {
        Edge(NFNL_MSG_BATCH_BEGIN);
        if (replacing)
        {
            Advance(NfMessages.Of(_bytes.GetSpan(NfMessages.Room), NFT_MSG_DELTABLE, 0, NFTA_TABLE_NAME, image.Name));
        }

        Add(NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, image.Table, NFTA_TABLE_USE, NFTA_TABLE_HANDLE,
            NFTA_TABLE_PAD);
        foreach (var chain in image.Chains)
        {
            Add(NFT_MSG_NEWCHAIN, NLM_F_CREATE, chain, NFTA_CHAIN_HANDLE, NFTA_CHAIN_USE, NFTA_CHAIN_COUNTERS,
                NFTA_CHAIN_PAD, NFTA_CHAIN_ID);
        }

        foreach (var counter in image.Objects)
        {
            Add(NFT_MSG_NEWOBJ, NLM_F_CREATE, counter, NFTA_OBJ_USE, NFTA_OBJ_HANDLE, NFTA_OBJ_PAD);
        }

        foreach (var set in image.Sets)
        {
            Add(NFT_MSG_NEWSET, NLM_F_CREATE, set, NFTA_SET_HANDLE, NFTA_SET_ID, NFTA_SET_PAD, NFTA_SET_TYPE,
                NFTA_SET_COUNT);
        }

        // An anonymous set takes no elements once a rule asks it.
        foreach (var (set, elements) in image.Elements)
        {
            Add(set, elements);
        }

        foreach (var rule in image.Rules)
        {
            Add(
                NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, rule, NFTA_RULE_HANDLE, NFTA_RULE_POSITION,
                    NFTA_RULE_PAD, NFTA_RULE_ID,
                NFTA_RULE_POSITION_ID, NFTA_RULE_CHAIN_ID);
        }
    }

    // Of several that are acknowledged the first counts, and failures come in their order: the last one alone tells
    // that all were taken.
    private Span<byte> Finish()
    {
        var acknowledged = _last;
        Edge(NFNL_MSG_BATCH_END);
        var bytes = MemoryMarshal.AsMemory(_bytes.WrittenMemory).Span;
        var flags = bytes[(acknowledged + 6)..];
        MemoryMarshal.Write(flags, (ushort)(MemoryMarshal.Read<ushort>(flags) | NLM_F_ACK));
        return bytes;
    }

    private void Edge(ushort type) => Advance(NfMessages.Edge(_bytes.GetSpan(Head), type));

    private void Add(ushort message, ushort flags, byte[] answer, params ReadOnlySpan<ushort> without)
    {
        var writer = new NetlinkWriter(_bytes.GetSpan(answer.Length + Head), NfMessages.Type(message), flags);
        writer.Struct([NFPROTO_INET, 0, 0, 0]);
        for (var attributes = AttributeReader.After(answer, NfgenmsgLength); attributes.Next();)
        {
            if (!without.Contains(attributes.Type))
            {
                writer.Bytes(attributes.Type, attributes.Value);
            }
        }

        if (message == NFT_MSG_NEWSET)
        {
            Span<byte> number = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(number, ++_set);
            writer.Bytes(NFTA_SET_ID, number);
        }

        Advance(writer.Finish());
    }

    // An interval's end follows its beginning, and the kernel reports them from above.
    private void Add(string set, IReadOnlyList<byte[]> elements)
    {
        for (var next = elements.Count - 1; next >= 0;)
        {
            var writer = new NetlinkWriter(_bytes.GetSpan(MostElementBytes + NfMessages.Room),
                NfMessages.Type(NFT_MSG_NEWSETELEM), NLM_F_CREATE);
            writer.Struct([NFPROTO_INET, 0, 0, 0]);
            writer.Text(NFTA_SET_ELEM_LIST_TABLE, _table);
            writer.Text(NFTA_SET_ELEM_LIST_SET, set);
            var list = writer.Nest(NFTA_SET_ELEM_LIST_ELEMENTS);
            var written = 0;
            for (; next >= 0 && written + elements[next].Length + Head < MostElementBytes; next--)
            {
                written += elements[next].Length + Head;
                var element = writer.Nest(NFTA_LIST_ELEM);
                for (var attributes = new AttributeReader(elements[next]); attributes.Next();)
                {
                    if (attributes.Type is not (NFTA_SET_ELEM_EXPIRATION or NFTA_SET_ELEM_PAD))
                    {
                        writer.Bytes(attributes.Type, attributes.Value);
                    }
                }

                writer.End(element);
            }

            if (written == 0)
            {
                throw AttributeReader.Malformed();
            }

            writer.End(list);
            Advance(writer.Finish());
        }
    }

    private void Advance(Span<byte> message)
    {
        _last = _bytes.WrittenCount;
        _bytes.Advance(message.Length);
    }
}
