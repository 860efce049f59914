using System.Text;

namespace VpnConfinement.Syntax;

/// <summary>From a byte offset in UTF-8 to a line and a column in UTF-16 code units, both from 1.</summary>
internal sealed class LineMap
{
    private readonly byte[] _bytes;
    private readonly List<int> _starts = [0];

    internal LineMap(byte[] bytes)
    {
        _bytes = bytes;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == (byte)'\n')
            {
                _starts.Add(i + 1);
            }
        }
    }

    internal (int Line, int Column) Place(int offset)
    {
        var index = _starts.BinarySearch(offset);
        var line = index >= 0 ? index : ~index - 1;
        return (line + 1, Column(line, offset - _starts[line]));
    }

    /// <summary>Column of a byte in a line that counts from 0.</summary>
    internal int Column(int line, int byteInLine)
    {
        if (line < 0 || line >= _starts.Count)
        {
            return 1;
        }

        var length = Math.Clamp(byteInLine, 0, _bytes.Length - _starts[line]);
        return Encoding.UTF8.GetCharCount(_bytes, _starts[line], length) + 1;
    }
}
