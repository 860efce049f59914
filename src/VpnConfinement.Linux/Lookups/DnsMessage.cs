using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace VpnConfinement.Linux.Lookups;

/// <summary>The two messages of a lookup (RFC 1035, section 4). An answer is hostile until it is parsed.</summary>
internal static class DnsMessage
{
    /// <summary>Type of IPv4 addresses.</summary>
    internal const ushort A = 1;

    /// <summary>Type of IPv6 addresses.</summary>
    internal const ushort AAAA = 28;

    private const int HeaderLength = 12;
    private const ushort IN = 1;

    /// <summary>A question for a name, recursion desired.</summary>
    internal static byte[] Question(ushort id, string name, ushort type)
    {
        var message = new List<byte>(HeaderLength + name.Length + 6) { (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.TrimEnd('.').Split('.'))
        {
            if (label.Length is 0 or > 63)
            {
                throw new SystemFailure($"the plan has '{name}' where a hostname must be");
            }

            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        message.AddRange([0, (byte)(type >> 8), (byte)type, 0, (byte)IN]);
        return [.. message];
    }

    /// <summary>The addresses of an answer to a question; empty where the name has none of that type.</summary>
    /// <returns>Null where the message is no answer to that question, is malformed, or says that the resolver failed.</returns>
    internal static IReadOnlyList<IPAddress>? Answers(ReadOnlySpan<byte> message, ReadOnlySpan<byte> question)
    {
        // The question comes back as it was sent; case aside, but ours is sent as it is and compared as it is.
        if (message.Length < question.Length || !message[..2].SequenceEqual(question[..2]) || (message[2] & 0x80) == 0
            || Number(message, 4) != 1 || !message[HeaderLength..question.Length].SequenceEqual(question[HeaderLength..]))
        {
            return null;
        }

        const int NameError = 3;
        switch (message[3] & 0x0f)
        {
            case NameError:
                return [];
            case not 0:
                return null;
        }

        var type = Number(question, question.Length - 4);
        var addresses = new List<IPAddress>();
        var position = question.Length;
        for (var count = Number(message, 6); count > 0; count--)
        {
            if (!SkipName(message, ref position) || position + 10 > message.Length)
            {
                return null;
            }

            var length = Number(message, position + 8);
            var data = position + 10;
            if (data + length > message.Length)
            {
                return null;
            }

            // Whoever owns it: what is not the name itself is what the name is an alias of.
            if (Number(message, position) == type && Number(message, position + 2) == IN && length == (type == A ? 4 : 16))
            {
                addresses.Add(new IPAddress(message.Slice(data, length)));
            }

            position = data + length;
        }

        return addresses;
    }

    // A name ends with an empty label or with a pointer, which is not followed.
    private static bool SkipName(ReadOnlySpan<byte> message, ref int position)
    {
        while (position < message.Length)
        {
            var length = message[position];
            if (length >= 0xc0)
            {
                position += 2;
                return true;
            }

            position += length + 1;
            if (length == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static ushort Number(ReadOnlySpan<byte> message, int position) => BinaryPrimitives.ReadUInt16BigEndian(message[position..]);
}
