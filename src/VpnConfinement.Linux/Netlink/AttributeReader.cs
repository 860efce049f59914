using System.Runtime.InteropServices;
using System.Text;
using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Netlink;

/// <summary>Walks netlink attributes. Each length is checked against what remains; a bad one throws <see cref="SystemFailure"/>.</summary>
internal ref struct AttributeReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Begins before the first attribute.</summary>
    internal AttributeReader(ReadOnlySpan<byte> attributes) => _rest = attributes;

    /// <summary>Type of the current attribute, without its flag bits.</summary>
    internal ushort Type { get; private set; }

    /// <summary>Value of the current attribute.</summary>
    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Begins after a fixed structure of <paramref name="length"/> bytes.</summary>
    internal static AttributeReader After(ReadOnlySpan<byte> payload, int length) =>
        payload.Length < length ? throw Malformed() : new AttributeReader(payload[length..]);

    /// <summary>The failure of an answer that does not have the form it must have.</summary>
    internal static SystemFailure Malformed() => new("the kernel's answer is malformed: a length is wrong");

    /// <summary>Goes to the next attribute; false at the end.</summary>
    internal bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (_rest.Length < 4)
        {
            throw Malformed();
        }

        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < 4 || length > _rest.Length)
        {
            throw Malformed();
        }

        Type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & NLA_TYPE_MASK);
        Value = _rest[4..length];

        // The last attribute may come without its padding.
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }

    /// <summary>The attributes inside the current one.</summary>
    internal readonly AttributeReader Nested() => new(Value);

    /// <summary>The value as a number of exactly its size, machine order.</summary>
    internal readonly T Number<T>()
        where T : unmanaged =>
        Value.Length == Marshal.SizeOf<T>() ? MemoryMarshal.Read<T>(Value) : throw Malformed();

    /// <summary>The value as text, up to its NUL.</summary>
    internal readonly string Text()
    {
        var end = Value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
    }
}
