using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace VpnConfinement.Model;

/// <summary>
/// The hardware address of an Ethernet link (IEEE 802, 48 bits), printed as <c>02:00:00:00:00:01</c>.
/// </summary>
public readonly record struct MacAddress
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 6;

    private readonly ulong _bits;

    private MacAddress(ulong bits) => _bits = bits;

    /// <summary>The first four bytes, as a number in network order.</summary>
    public uint First => (uint)(_bits >> 16);

    /// <summary>The last two bytes, as a number in network order.</summary>
    public ushort Last => (ushort)_bits;

    /// <summary>
    /// One of a single station that no vendor has: locally administered, unicast (IEEE 802, section 8.2).
    /// </summary>
    /// <param name="hex">
    /// At least twelve hex digits; two bits of the first byte are set to what such an address has.
    /// </param>
    public static MacAddress Local(string hex) =>
        new((Number(hex[..(2 * Length)]) & 0xfcff_ffff_ffff) | 0x0200_0000_0000);

    /// <summary>Makes one of its bytes.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than six.</exception>
    public static MacAddress FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length
            ? new(Number(Convert.ToHexString(bytes)))
            : throw new ArgumentException("a hardware address has six bytes", nameof(bytes));

    /// <summary>Reads the printed form, lower-case; false for any other.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MacAddress address)
    {
        address = default;
        var digits = text?.Replace(":", "", StringComparison.Ordinal);
        if (!ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits))
        {
            return false;
        }

        address = new MacAddress(bits);
        return address.ToString() == text;
    }

    /// <summary>Its six bytes.</summary>
    public byte[] ToBytes() =>
    [
        (byte)(_bits >> 40), (byte)(_bits >> 32), (byte)(_bits >> 24), (byte)(_bits >> 16), (byte)(_bits >> 8), (byte)_bits,
    ];

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(':', ToBytes().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    private static ulong Number(string hex) => ulong.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
