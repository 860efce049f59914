using System.Security.Cryptography;
using System.Text;

namespace VpnConfinement.Linux.Netlink.WireGuard;

/// <summary>Lines of <c>key=value</c> that may hold keys: what it outgrew and what it gave away is wiped.</summary>
internal sealed class WipedText
{
    private byte[] _bytes = new byte[4096];
    private int _length;

    /// <summary>A line of plain text.</summary>
    internal void Line(string key, string value)
    {
        Name(key);
        var room = Take(value.Length);
        Encoding.ASCII.GetBytes(value, room);
        End();
    }

    /// <summary>A line whose value is hex, written without a string in between.</summary>
    internal void Hex(string key, ReadOnlySpan<byte> value)
    {
        Name(key);
        var room = Take(value.Length * 2);
        for (var i = 0; i < value.Length; i++)
        {
            room[2 * i] = Digit(value[i] >> 4);
            room[(2 * i) + 1] = Digit(value[i] & 15);
        }

        End();
    }

    /// <summary>Ends a line, or the whole text when it comes after a line.</summary>
    internal void End() => Take(1)[0] = (byte)'\n';

    /// <summary>The text, which the caller wipes; this object forgets it.</summary>
    internal byte[] TakeAndWipe()
    {
        var text = _bytes[.._length];
        CryptographicOperations.ZeroMemory(_bytes);
        _length = 0;
        return text;
    }

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);

    private void Name(string key)
    {
        Encoding.ASCII.GetBytes(key, Take(key.Length));
        Take(1)[0] = (byte)'=';
    }

    private Span<byte> Take(int count)
    {
        if (_length + count > _bytes.Length)
        {
            var larger = new byte[Math.Max(_bytes.Length * 2, _length + count)];
            _bytes.AsSpan(0, _length).CopyTo(larger);
            CryptographicOperations.ZeroMemory(_bytes);
            _bytes = larger;
        }

        var room = _bytes.AsSpan(_length, count);
        _length += count;
        return room;
    }
}
