using System.Buffers.Binary;
using System.Text;
using VpnConfinement.Linux.Nftables;

namespace VpnConfinement.Linux.Tests.Nftables;

public sealed class TrafficTableTests
{
    private static readonly byte[] Header = [1, 0, 0, 0];

    [Fact]
    public void A_counter_is_read_from_the_kernels_bytes() => Assert.Equal(
        new NftCounter("sent_tunnel", 3, 252),
        TrafficTable.Parse([.. Header, .. Text(1, "vpnc_traffic"), .. Text(2, "sent_tunnel"), .. Number(3, 1), .. Attribute(0x8004, [.. Big(1, 252), .. Big(2, 3)])]));

    [Fact]
    public void What_is_of_another_table_or_no_counter_is_passed_over()
    {
        Assert.Null(TrafficTable.Parse([.. Header, .. Text(1, "other"), .. Text(2, "x"), .. Number(3, 1)]));
        Assert.Null(TrafficTable.Parse([.. Header, .. Text(1, "vpnc_traffic"), .. Text(2, "x"), .. Number(3, 2)]));
    }

    [Fact]
    public void What_is_cut_short_is_a_failure()
    {
        byte[] whole = [.. Header, .. Text(1, "vpnc_traffic"), .. Text(2, "sent_tunnel"), .. Number(3, 1), .. Attribute(0x8004, [.. Big(1, 252), .. Big(2, 3)])];
        Assert.Throws<SystemFailure>(() => TrafficTable.Parse(whole.AsSpan(0, whole.Length - 4)));
        Assert.Throws<SystemFailure>(() => TrafficTable.Parse(whole.AsSpan(0, 2)));
        Assert.Throws<SystemFailure>(() => TrafficTable.Parse([.. Header, .. Text(1, "vpnc_traffic"), .. Text(2, "x"), .. Number(3, 1)]));
    }

    private static byte[] Text(ushort type, string value) => Attribute(type, [.. Encoding.ASCII.GetBytes(value), 0]);

    private static byte[] Number(ushort type, uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Attribute(type, bytes);
    }

    private static byte[] Big(ushort type, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return Attribute(type, bytes);
    }

    private static byte[] Attribute(ushort type, byte[] value)
    {
        var bytes = new byte[4 + ((value.Length + 3) & ~3)];
        BitConverter.TryWriteBytes(bytes, (ushort)(4 + value.Length));
        BitConverter.TryWriteBytes(bytes.AsSpan(2), type);
        value.CopyTo(bytes, 4);
        return bytes;
    }
}
