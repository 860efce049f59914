using System.Runtime.InteropServices;
using System.Text;
using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Netlink;

/// <summary>
/// Writes one netlink message into the caller's memory (linux/netlink.h: 16 bytes of header, then attributes aligned to 4, in the
/// machine's byte order). What does not fit throws; nothing is cut.
/// </summary>
internal ref struct NetlinkWriter
{
    private readonly Span<byte> _buffer;
    private int _length;

    /// <summary>Begins a message; sequence, acknowledgement and length are filled in when it is sent.</summary>
    internal NetlinkWriter(Span<byte> buffer, ushort type, ushort flags = 0)
    {
        _buffer = buffer;
        _length = 0;
        var header = Take(NLMSG_HDRLEN);
        header.Clear();
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], (ushort)(flags | NLM_F_REQUEST));
    }

    /// <summary>Bytes that still fit.</summary>
    internal readonly int Remaining => _buffer.Length - _length;

    /// <summary>The message so far, with its length in the header.</summary>
    internal readonly Span<byte> Finish()
    {
        MemoryMarshal.Write(_buffer, (uint)_length);
        return _buffer[.._length];
    }

    /// <summary>Appends a fixed structure such as ifinfomsg, as it is.</summary>
    internal void Struct(scoped ReadOnlySpan<byte> bytes)
    {
        var room = Take(Align(bytes.Length));
        bytes.CopyTo(room);
        room[bytes.Length..].Clear();
    }

    /// <summary>An attribute of raw bytes.</summary>
    internal void Bytes(ushort type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Attribute(type, value.Length));

    /// <summary>An attribute of an address, 4 or 16 bytes; the length of its prefix is written elsewhere.</summary>
    internal void Address(ushort type, AddressPrefix prefix) =>
        prefix.WriteBytes(Attribute(type, prefix.IsIPv6 ? 16 : 4));

    /// <summary>An attribute of NUL-terminated text.</summary>
    internal void Text(ushort type, string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        var room = Attribute(type, count + 1);
        Encoding.UTF8.GetBytes(value, room);
        room[count] = 0;
    }

    /// <summary>An attribute of one byte.</summary>
    internal void U8(ushort type, byte value) => Attribute(type, 1)[0] = value;

    /// <summary>An attribute of two bytes, machine order.</summary>
    internal void U16(ushort type, ushort value) => MemoryMarshal.Write(Attribute(type, 2), value);

    /// <summary>An attribute of four bytes, machine order.</summary>
    internal void U32(ushort type, uint value) => MemoryMarshal.Write(Attribute(type, 4), value);

    /// <summary>Opens a nest, marked as one (newer families insist on it); <see cref="End"/> takes the token.</summary>
    internal NestToken Nest(ushort type)
    {
        var token = new NestToken(_length);
        var header = Take(4);
        MemoryMarshal.Write(header, (ushort)4);
        MemoryMarshal.Write(header[2..], (ushort)(type | NLA_F_NESTED));
        return token;
    }

    /// <summary>Closes a nest: its length is now known.</summary>
    internal readonly void End(NestToken token)
    {
        var length = _length - token.Offset;
        if (length > ushort.MaxValue)
        {
            throw new InvalidOperationException($"a netlink attribute cannot have {length} bytes");
        }

        MemoryMarshal.Write(_buffer[token.Offset..], (ushort)length);
    }

    private static int Align(int length) => (length + 3) & ~3;

    private Span<byte> Attribute(ushort type, int length)
    {
        if (length > ushort.MaxValue - 4)
        {
            throw new InvalidOperationException($"a netlink attribute cannot have {length} bytes");
        }

        var room = Take(4 + Align(length));
        MemoryMarshal.Write(room, (ushort)(4 + length));
        MemoryMarshal.Write(room[2..], type);
        room[(4 + length)..].Clear();
        return room.Slice(4, length);
    }

    private Span<byte> Take(int length)
    {
        if (length > Remaining)
        {
            throw new InvalidOperationException($"the netlink message does not fit into {_buffer.Length} bytes");
        }

        var room = _buffer.Slice(_length, length);
        _length += length;
        return room;
    }

    /// <summary>Where an open nest begins.</summary>
    internal readonly record struct NestToken(int Offset);
}
