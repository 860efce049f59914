using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using static VpnConfinement.Linux.Interop.NfTablesConstants;

namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>
/// Attributes in canonical form: type, length and value of each, in the kernel's order, without those that say nothing
/// about packets (handles, counts, padding, comments, the time an element has left). An attribute that is not known
/// here counts: no change of it goes unseen.
/// </summary>
internal sealed class NfForm
{
    // What expressions have counted, and padding.
    private static readonly Dictionary<string, ushort[]> StateOf = new(StringComparer.Ordinal)
    {
        ["counter"] = [NFTA_COUNTER_BYTES, NFTA_COUNTER_PACKETS, NFTA_COUNTER_PAD],
        ["quota"] = [NFTA_QUOTA_CONSUMED, NFTA_QUOTA_PAD],
        ["last"] = [NFTA_LAST_SET, NFTA_LAST_MSECS, NFTA_LAST_PAD],
        ["limit"] = [NFTA_LIMIT_PAD],
        ["dynset"] = [NFTA_DYNSET_PAD],
    };

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The form of attributes without some of them.</summary>
    internal static byte[] Of(AttributeReader attributes, params ReadOnlySpan<ushort> without)
    {
        var form = new NfForm();
        form.AddAll(attributes, without);
        return form.ToArray();
    }

    /// <summary>Reads an expression: <c>NFTA_EXPR_NAME</c> and <c>NFTA_EXPR_DATA</c>.</summary>
    /// <exception cref="SystemFailure">It has no name, or a length is wrong.</exception>
    internal static NfExpression Expression(AttributeReader attributes)
    {
        string? name = null;
        ReadOnlySpan<byte> data = [];
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case NFTA_EXPR_NAME:
                    name = attributes.Text();
                    break;
                case NFTA_EXPR_DATA:
                    data = attributes.Value;
                    break;
            }
        }

        if (name is null)
        {
            throw AttributeReader.Malformed();
        }

        var reference = name switch
        {
            "lookup" => NFTA_LOOKUP_SET,
            "dynset" => NFTA_DYNSET_SET_NAME,
            "objref" => NFTA_OBJREF_SET_NAME,
            _ => (ushort)0,
        };
        string? set = null;
        var form = new NfForm();
        for (var reader = new AttributeReader(data); reader.Next();)
        {
            if (reference != 0 && reader.Type == reference)
            {
                set = reader.Text();
            }
            else if (!StateOf.TryGetValue(name, out var state) || !state.Contains(reader.Type))
            {
                form.Add(reader.Type, reader.Value);
            }
        }

        return new NfExpression(name, set, form.ToArray());
    }

    /// <summary>Adds attributes, without some of them.</summary>
    internal void AddAll(AttributeReader attributes, params ReadOnlySpan<ushort> without)
    {
        while (attributes.Next())
        {
            if (!without.Contains(attributes.Type))
            {
                Add(attributes.Type, attributes.Value);
            }
        }
    }

    /// <summary>Adds an attribute.</summary>
    internal void Add(ushort type, ReadOnlySpan<byte> value)
    {
        var head = _bytes.GetSpan(6);
        MemoryMarshal.Write(head, type);
        MemoryMarshal.Write(head[2..], value.Length);
        _bytes.Advance(6);
        _bytes.Write(value);
    }

    /// <summary>Adds an attribute of text.</summary>
    internal void Add(ushort type, string value) => Add(type, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds one that holds an expression.</summary>
    internal void AddExpression(ushort type, NfExpression expression)
    {
        Add(type, expression.Name);
        Add(type, expression.Set ?? "");
        Add(type, expression.Form);
    }

    /// <summary>The form.</summary>
    internal byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    /// <summary>The form, and begins anew: a set may have tens of thousands of elements.</summary>
    internal byte[] Take()
    {
        var form = ToArray();
        _bytes.ResetWrittenCount();
        return form;
    }
}
