using System.Buffers.Binary;

namespace VpnConfinement.Verify;

/// <summary>Which canary a packet is. Packets come from outside: each length is checked.</summary>
public static class CanaryPacket
{
    private const int IPv4Header = 20;
    private const int IPv6Header = 40;
    private const byte Tcp = 6;

    /// <summary>Finds the canary; null where it is none.</summary>
    /// <param name="packet">The packet, from its IP header.</param>
    /// <param name="canaries">Those that may be there.</param>
    public static Canary? Find(ReadOnlySpan<byte> packet, IEnumerable<Canary> canaries)
    {
        if (packet.Length < IPv4Header)
        {
            return null;
        }

        var version = packet[0] >> 4;
        if (version is not (4 or 6) || (version == 6 && packet.Length < IPv6Header))
        {
            return null;
        }

        var header = version == 4 ? (packet[0] & 0xf) * 4 : IPv6Header;
        var protocol = version == 4 ? packet[9] : packet[6];
        var target = version == 4 ? packet.Slice(16, 4) : packet.Slice(24, 16);
        var body = packet[Math.Min(header, packet.Length)..];
        foreach (var canary in canaries)
        {
            if (canary.Kind is CanaryKind.Tcp
                ? protocol == Tcp && body.Length >= 4 && target.SequenceEqual(canary.Address.GetAddressBytes())
                    && BinaryPrimitives.ReadUInt16BigEndian(body[2..]) == canary.Port
                : body.IndexOf(canary.Mark) >= 0)
            {
                return canary;
            }
        }

        return null;
    }
}
