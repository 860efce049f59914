using System.Buffers.Binary;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.NfTablesConstants;

namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>
/// Reads nf_tables' answers (linux/netfilter/nf_tables.h): struct nfgenmsg, then attributes whose numbers are in
/// network order. Of a table that was not asked for nothing is made, since not every kernel narrows every list.
/// </summary>
internal static class NfParser
{
    /// <summary>The number of a generation, or null in another answer.</summary>
    internal static object? Generation(ReadOnlySpan<byte> payload)
    {
        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        while (attributes.Next())
        {
            if (attributes.Type == NFTA_GEN_ID)
            {
                return Number(attributes);
            }
        }

        return null;
    }

    /// <summary>A table, still without what is in it.</summary>
    internal static NfTable? Table(ReadOnlySpan<byte> payload, string table)
    {
        if (!Own(payload, NFTA_TABLE_NAME, table))
        {
            return null;
        }

        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        return new NfTable(
            table,
            Find(attributes, NFTA_TABLE_FLAGS, out var flags) ? Number(flags) : 0,
            NfForm.Of(attributes, NFTA_TABLE_NAME, NFTA_TABLE_USE, NFTA_TABLE_HANDLE, NFTA_TABLE_PAD,
                NFTA_TABLE_USERDATA))
        {
            Chains = [],
            Rules = [],
            Sets = [],
            Elements = new Dictionary<string, IReadOnlyList<byte[]>>(),
            Objects = [],
            Flowtables = [],
        };
    }

    /// <summary>A chain.</summary>
    internal static NfChain? Chain(ReadOnlySpan<byte> payload, string table)
    {
        if (!Own(payload, NFTA_CHAIN_TABLE, table))
        {
            return null;
        }

        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        return new NfChain(
            Text(attributes, NFTA_CHAIN_NAME),
            NfForm.Of(
                attributes, NFTA_CHAIN_TABLE, NFTA_CHAIN_NAME, NFTA_CHAIN_HANDLE, NFTA_CHAIN_USE, NFTA_CHAIN_COUNTERS,
                    NFTA_CHAIN_PAD,
                NFTA_CHAIN_ID, NFTA_CHAIN_USERDATA));
    }

    /// <summary>A rule.</summary>
    internal static NfRule? Rule(ReadOnlySpan<byte> payload, string table)
    {
        if (!Own(payload, NFTA_RULE_TABLE, table))
        {
            return null;
        }

        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        var expressions = new List<NfExpression>();
        if (Find(attributes, NFTA_RULE_EXPRESSIONS, out var list))
        {
            for (var items = list.Nested(); items.Next();)
            {
                expressions.Add(NfForm.Expression(items.Nested()));
            }
        }

        return new NfRule(
            Text(attributes, NFTA_RULE_CHAIN),
            expressions,
            NfForm.Of(
                attributes, NFTA_RULE_TABLE, NFTA_RULE_CHAIN, NFTA_RULE_HANDLE, NFTA_RULE_EXPRESSIONS,
                    NFTA_RULE_POSITION,
                NFTA_RULE_USERDATA, NFTA_RULE_PAD, NFTA_RULE_ID, NFTA_RULE_POSITION_ID, NFTA_RULE_CHAIN_ID));
    }

    /// <summary>A set or map. What kind of tree or hash the kernel keeps it in is its own affair.</summary>
    internal static NfSet? Set(ReadOnlySpan<byte> payload, string table)
    {
        if (!Own(payload, NFTA_SET_TABLE, table))
        {
            return null;
        }

        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        var form = new NfForm();
        form.AddAll(
            attributes, NFTA_SET_TABLE, NFTA_SET_NAME, NFTA_SET_ID, NFTA_SET_USERDATA, NFTA_SET_PAD, NFTA_SET_HANDLE,
                NFTA_SET_EXPR,
            NFTA_SET_EXPRESSIONS, NFTA_SET_TYPE, NFTA_SET_COUNT);
        Expressions(attributes, form, NFTA_SET_EXPR, NFTA_SET_EXPRESSIONS);
        return new NfSet(Text(attributes, NFTA_SET_NAME), Find(attributes, NFTA_SET_FLAGS, out var flags)
            ? Number(flags) : 0, form.ToArray());
    }

    /// <summary>Elements of a set.</summary>
    internal static NfElements? Elements(ReadOnlySpan<byte> payload, string table)
    {
        if (!Own(payload, NFTA_SET_ELEM_LIST_TABLE, table))
        {
            return null;
        }

        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        var forms = new List<byte[]>();
        var form = new NfForm();
        if (Find(attributes, NFTA_SET_ELEM_LIST_ELEMENTS, out var list))
        {
            for (var items = list.Nested(); items.Next();)
            {
                form.AddAll(
                    items.Nested(), NFTA_SET_ELEM_EXPIRATION, NFTA_SET_ELEM_USERDATA, NFTA_SET_ELEM_PAD,
                        NFTA_SET_ELEM_EXPR,
                    NFTA_SET_ELEM_EXPRESSIONS);
                Expressions(items.Nested(), form, NFTA_SET_ELEM_EXPR, NFTA_SET_ELEM_EXPRESSIONS);
                forms.Add(form.Take());
            }
        }

        return new NfElements(Text(attributes, NFTA_SET_ELEM_LIST_SET), forms);
    }

    /// <summary>The attributes of elements of a set, as they are.</summary>
    internal static List<byte[]>? RawElements(ReadOnlySpan<byte> payload, string table)
    {
        if (!Own(payload, NFTA_SET_ELEM_LIST_TABLE, table))
        {
            return null;
        }

        var raw = new List<byte[]>();
        if (Find(AttributeReader.After(payload, NfgenmsgLength), NFTA_SET_ELEM_LIST_ELEMENTS, out var list))
        {
            for (var items = list.Nested(); items.Next();)
            {
                raw.Add(items.Value.ToArray());
            }
        }

        return raw;
    }

    /// <summary>A named object.</summary>
    internal static NfObject? Object(ReadOnlySpan<byte> payload, string table)
    {
        if (!Own(payload, NFTA_OBJ_TABLE, table))
        {
            return null;
        }

        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        var type = Find(attributes, NFTA_OBJ_TYPE, out var number) ? Number(number) : throw AttributeReader.Malformed();
        var form = new NfForm();
        form.AddAll(
            attributes, NFTA_OBJ_TABLE, NFTA_OBJ_NAME, NFTA_OBJ_DATA, NFTA_OBJ_USE, NFTA_OBJ_HANDLE, NFTA_OBJ_PAD,
                NFTA_OBJ_USERDATA);
        ulong packets = 0, bytes = 0;
        if (Find(attributes, NFTA_OBJ_DATA, out var data))
        {
            if (type == NFT_OBJECT_COUNTER)
            {
                packets = Find(data.Nested(), NFTA_COUNTER_PACKETS, out var p) ? LongNumber(p)
                    : throw AttributeReader.Malformed();
                bytes = Find(data.Nested(), NFTA_COUNTER_BYTES, out var b) ? LongNumber(b)
                    : throw AttributeReader.Malformed();
            }
            else if (type == NFT_OBJECT_QUOTA)
            {
                form.AddAll(data.Nested(), NFTA_QUOTA_CONSUMED, NFTA_QUOTA_PAD);
            }
            else
            {
                form.AddAll(data.Nested());
            }
        }
        else if (type == NFT_OBJECT_COUNTER)
        {
            throw AttributeReader.Malformed();
        }

        return new NfObject(Text(attributes, NFTA_OBJ_NAME), type, form.ToArray(), packets, bytes);
    }

    /// <summary>A flow table.</summary>
    internal static NfFlowtable? Flowtable(ReadOnlySpan<byte> payload, string table)
    {
        if (!Own(payload, NFTA_FLOWTABLE_TABLE, table))
        {
            return null;
        }

        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        return new NfFlowtable(
            Text(attributes, NFTA_FLOWTABLE_NAME),
            NfForm.Of(
                attributes, NFTA_FLOWTABLE_TABLE, NFTA_FLOWTABLE_NAME, NFTA_FLOWTABLE_USE, NFTA_FLOWTABLE_HANDLE,
                    NFTA_FLOWTABLE_PAD));
    }

    private static void Expressions(AttributeReader attributes, NfForm form, ushort single, ushort several)
    {
        while (attributes.Next())
        {
            if (attributes.Type == single)
            {
                form.AddExpression(single, NfForm.Expression(attributes.Nested()));
            }
            else if (attributes.Type == several)
            {
                for (var items = attributes.Nested(); items.Next();)
                {
                    form.AddExpression(several, NfForm.Expression(items.Nested()));
                }
            }
        }
    }

    // The family is the first byte of struct nfgenmsg.
    private static bool Own(ReadOnlySpan<byte> payload, ushort attribute, string table)
    {
        var attributes = AttributeReader.After(payload, NfgenmsgLength);
        return payload[0] == NFPROTO_INET && Text(attributes, attribute) == table;
    }

    private static string Text(AttributeReader attributes, ushort type) =>
        Find(attributes, type, out var found) ? found.Text() : throw AttributeReader.Malformed();

    private static bool Find(AttributeReader attributes, ushort type, out AttributeReader found)
    {
        found = attributes;
        while (found.Next())
        {
            if (found.Type == type)
            {
                return true;
            }
        }

        return false;
    }

    private static uint Number(AttributeReader attribute) =>
        attribute.Value.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(attribute.Value)
            : throw AttributeReader.Malformed();

    private static ulong LongNumber(AttributeReader attribute) =>
        attribute.Value.Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64BigEndian(attribute.Value)
            : throw AttributeReader.Malformed();
}
