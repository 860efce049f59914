using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace VpnConfinement.Lab.Worlds;

/// <summary>As much of DNS (RFC 1035) as asking for one address and answering it takes.</summary>
public static class DnsMessage
{
    private const int HeaderLength = 12;
    private const ushort TypeA = 1;

    /// <summary>A recursive query for the A record of a name.</summary>
    public static byte[] Query(ushort id, string name)
    {
        var message = new MemoryStream();
        message.Write([(byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        foreach (var label in name.TrimEnd('.').Split('.'))
        {
            message.WriteByte((byte)label.Length);
            message.Write(Encoding.ASCII.GetBytes(label));
        }

        message.Write([0, 0, (byte)TypeA, 0, 1]);
        return message.ToArray();
    }

    /// <summary>The answer to a query: the address for A, nothing for any other type; null where the query makes no sense.</summary>
    public static byte[]? Answer(ReadOnlySpan<byte> query, IPAddress address)
    {
        if (ReadQuestion(query, out var end) is null)
        {
            return null;
        }

        var isA = BinaryPrimitives.ReadUInt16BigEndian(query[(end - 4)..]) == TypeA;
        var reply = new MemoryStream();
        reply.Write(query[..2]);
        reply.Write([0x81, 0x80, 0, 1, 0, (byte)(isA ? 1 : 0), 0, 0, 0, 0]);
        reply.Write(query[HeaderLength..end]);
        if (isA)
        {
            reply.Write([0xc0, HeaderLength, 0, (byte)TypeA, 0, 1, 0, 0, 0, 30, 0, 4]);
            reply.Write(address.GetAddressBytes());
        }

        return reply.ToArray();
    }

    /// <summary>The name asked for, with the offset behind the question; null where there is none.</summary>
    public static string? ReadQuestion(ReadOnlySpan<byte> message, out int end)
    {
        end = HeaderLength;
        var name = new StringBuilder();
        while (end < message.Length && message[end] is > 0 and < 64 and var length && end + 1 + length < message.Length)
        {
            name.Append(Encoding.ASCII.GetString(message.Slice(end + 1, length))).Append('.');
            end += 1 + length;
        }

        end += 5;
        return end <= message.Length && message[end - 5] == 0 ? name.ToString().TrimEnd('.') : null;
    }

    /// <summary>The address in a reply whose one answer is an A record; null in any other reply.</summary>
    public static IPAddress? ReadAddress(ReadOnlySpan<byte> reply) =>
        reply.Length > HeaderLength && reply[7] == 1 && ReadQuestion(reply, out var end) is not null && reply.Length >= end + 16
            ? new IPAddress(reply.Slice(end + 12, 4))
            : null;
}
