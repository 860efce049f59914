
namespace VpnConfinement.Syntax;

/// <summary>From the parser's columns, which count characters, to ours, which count UTF-16 code units.</summary>
internal sealed class TomlColumns
{
    private readonly string _text;
    private readonly bool _same;
    private readonly List<int> _starts = [0];
    private (int Line, int Characters, int At) _last;

    internal TomlColumns(string text)
    {
        _text = text;
        _same = !text.Any(char.IsSurrogate);
        for (var i = text.IndexOf('\n', StringComparison.Ordinal); !_same && i >= 0; i = text.IndexOf('\n', i + 1))
        {
            _starts.Add(i + 1);
        }
    }

    /// <summary>The column, from 1, of a line and a column that count from 0.</summary>
    internal int Of(int line, int characters)
    {
        if (_same || line >= _starts.Count)
        {
            return characters + 1;
        }

        // Places come mostly in the order of the text, so a long line is walked through once.
        if (line != _last.Line || characters < _last.Characters)
        {
            _last = (line, 0, _starts[line]);
        }

        while (_last.Characters < characters && _last.At < _text.Length)
        {
            _last = (line, _last.Characters + 1, _last.At + (char.IsHighSurrogate(_text[_last.At]) ? 2 : 1));
        }

        return _last.At - _starts[line] + 1 + characters - _last.Characters;
    }
}
