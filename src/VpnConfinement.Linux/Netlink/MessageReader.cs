using System.Runtime.InteropServices;
using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Netlink;

/// <summary>Walks the messages of one datagram; each length is checked against what remains.</summary>
internal ref struct MessageReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Begins before the first message.</summary>
    internal MessageReader(ReadOnlySpan<byte> datagram) => _rest = datagram;

    /// <summary>Type of the current message.</summary>
    internal ushort Type { get; private set; }

    /// <summary>Flags of the current message.</summary>
    internal ushort Flags { get; private set; }

    /// <summary>Which request it answers.</summary>
    internal uint Sequence { get; private set; }

    /// <summary>What follows the header.</summary>
    internal ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Goes to the next message; false at the end.</summary>
    internal bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (_rest.Length < NLMSG_HDRLEN)
        {
            throw AttributeReader.Malformed();
        }

        var length = MemoryMarshal.Read<uint>(_rest);
        if (length < NLMSG_HDRLEN || length > (uint)_rest.Length)
        {
            throw AttributeReader.Malformed();
        }

        Type = MemoryMarshal.Read<ushort>(_rest[4..]);
        Flags = MemoryMarshal.Read<ushort>(_rest[6..]);
        Sequence = MemoryMarshal.Read<uint>(_rest[8..]);
        Payload = _rest[NLMSG_HDRLEN..(int)length];
        _rest = _rest[Math.Min(((int)length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
