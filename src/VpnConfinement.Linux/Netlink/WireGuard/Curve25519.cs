using System.Buffers.Binary;
using System.Security.Cryptography;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>
/// X25519 (RFC 7748, section 5) as far as a public key needs it. Neither branches nor memory addresses depend on the private key.
/// Numbers are five limbs of 51 bits, modulo 2^255 - 19.
/// </summary>
internal static class Curve25519
{
    private const ulong Mask = (1UL << 51) - 1;
    private const ulong A24 = 121665;

    /// <summary>The 32 bytes of the public key that belongs to a private key.</summary>
    internal static byte[] PublicKey(ReadOnlySpan<byte> privateKey)
    {
        Span<byte> scalar = stackalloc byte[32];
        privateKey.CopyTo(scalar);
        scalar[0] &= 248;
        scalar[31] = (byte)((scalar[31] & 127) | 64);

        ReadOnlySpan<ulong> x1 = [9, 0, 0, 0, 0];
        Span<ulong> x2 = [1, 0, 0, 0, 0], z2 = [0, 0, 0, 0, 0], x3 = [9, 0, 0, 0, 0], z3 = [1, 0, 0, 0, 0];
        Ladder(scalar, x1, x2, z2, x3, z3);
        Invert(z2);
        Multiply(x2, x2, z2);
        CryptographicOperations.ZeroMemory(scalar);
        return Pack(x2);
    }

    private static void Ladder(
        ReadOnlySpan<byte> scalar, ReadOnlySpan<ulong> x1, Span<ulong> x2, Span<ulong> z2, Span<ulong> x3, Span<ulong> z3)
    {
        Span<ulong> a = stackalloc ulong[5], b = stackalloc ulong[5], c = stackalloc ulong[5], d = stackalloc ulong[5];
        Span<ulong> aa = stackalloc ulong[5], bb = stackalloc ulong[5], e = stackalloc ulong[5], factor = [A24, 0, 0, 0, 0];
        ulong swapped = 0;
        for (var bit = 254; bit >= 0; bit--)
        {
            var current = (ulong)(scalar[bit >> 3] >> (bit & 7)) & 1;
            Swap(swapped ^ current, x2, x3);
            Swap(swapped ^ current, z2, z3);
            swapped = current;

            Add(a, x2, z2);
            Subtract(b, x2, z2);
            Add(c, x3, z3);
            Subtract(d, x3, z3);
            Multiply(d, d, a);
            Multiply(c, c, b);
            Multiply(aa, a, a);
            Multiply(bb, b, b);
            Subtract(e, aa, bb);

            Add(x3, d, c);
            Multiply(x3, x3, x3);
            Subtract(z3, d, c);
            Multiply(z3, z3, z3);
            Multiply(z3, z3, x1);
            Multiply(x2, aa, bb);
            Multiply(z2, e, factor);
            Add(z2, z2, aa);
            Multiply(z2, z2, e);
        }

        Swap(swapped, x2, x3);
        Swap(swapped, z2, z3);
    }

    private static void Swap(ulong choose, Span<ulong> one, Span<ulong> other)
    {
        var mask = 0 - choose;
        for (var i = 0; i < 5; i++)
        {
            var difference = mask & (one[i] ^ other[i]);
            one[i] ^= difference;
            other[i] ^= difference;
        }
    }

    private static void Add(Span<ulong> sum, ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < 5; i++)
        {
            sum[i] = one[i] + other[i];
        }

        Carry(sum);
    }

    private static void Subtract(Span<ulong> difference, ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other)
    {
        // Four times the modulus keeps every limb positive.
        const ulong Low = ((1UL << 51) - 19) << 2, High = Mask << 2;
        for (var i = 0; i < 5; i++)
        {
            difference[i] = one[i] + (i == 0 ? Low : High) - other[i];
        }

        Carry(difference);
    }

    private static void Carry(Span<ulong> number)
    {
        for (var i = 0; i < 4; i++)
        {
            number[i + 1] += number[i] >> 51;
            number[i] &= Mask;
        }

        number[0] += 19 * (number[4] >> 51);
        number[4] &= Mask;
    }

    private static void Multiply(Span<ulong> product, ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other)
    {
        Span<UInt128> sums = stackalloc UInt128[5];
        sums.Clear();
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 5; j++)
            {
                // 2^255 is 19: what passes the top comes back below, nineteen times.
                var high = i + j >= 5;
                sums[high ? i + j - 5 : i + j] += (UInt128)one[i] * (high ? 19 * other[j] : other[j]);
            }
        }

        for (var i = 0; i < 4; i++)
        {
            sums[i + 1] += sums[i] >> 51;
            product[i] = (ulong)sums[i] & Mask;
        }

        product[4] = (ulong)sums[4] & Mask;
        product[0] += 19 * (ulong)(sums[4] >> 51);
        Carry(product);
    }

    /// <summary>The inverse by Fermat: the number to the power of the modulus less two, 2^255 - 21.</summary>
    private static void Invert(Span<ulong> number)
    {
        Span<ulong> result = [1, 0, 0, 0, 0];
        for (var bit = 254; bit >= 0; bit--)
        {
            Multiply(result, result, result);

            // 2^255 - 21 has all bits set but the second and the fourth.
            if (bit is not (2 or 4))
            {
                Multiply(result, result, number);
            }
        }

        result.CopyTo(number);
    }

    private static byte[] Pack(Span<ulong> number)
    {
        Carry(number);
        Carry(number);

        // Below the modulus: adding 19 overflows 255 bits exactly when the number is not.
        var over = (number[0] + 19) >> 51;
        for (var i = 1; i < 5; i++)
        {
            over = (number[i] + over) >> 51;
        }

        number[0] += 19 * over;
        for (var i = 0; i < 4; i++)
        {
            number[i + 1] += number[i] >> 51;
            number[i] &= Mask;
        }

        number[4] &= Mask;
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number[0] | (number[1] << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), (number[1] >> 13) | (number[2] << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), (number[2] >> 26) | (number[3] << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), (number[3] >> 39) | (number[4] << 12));
        return bytes;
    }
}
