using VpnConfinement.Text;

namespace VpnConfinement.State;

/// <summary>
/// What a unit says, from its fragment and drop-ins in systemd's order (systemd.syntax(7)): comments, continued lines and empty assignments
/// are understood, values are kept as written. For a key that may stand several times all values are kept; an empty one clears those before it.
/// </summary>
public sealed class UnitSettings
{
    // WHITESPACE and the line ends of systemd: no other blank is one, and a carriage return or a NUL ends a line by itself.
    private static readonly char[] Blanks = [' ', '\t', '\n', '\r'];
    private static readonly char[] LineEnds = ['\n', '\r', '\0'];

    private readonly OrderedDictionary<(string Section, string Key), List<string>> _values = [];

    /// <summary>Reads the texts.</summary>
    public static UnitSettings Read(IEnumerable<SourceText> texts)
    {
        var settings = new UnitSettings();
        foreach (var text in texts)
        {
            settings.Add(text.Content);
        }

        return settings;
    }

    /// <summary>The values of a key in the order written, those before an empty one left out; empty when it is not set.</summary>
    public IReadOnlyList<string> All(string section, string key)
    {
        var values = Written(section, key);
        return values.LastIndexOf("") is var cleared and >= 0 ? values[(cleared + 1)..] : values;
    }

    /// <summary>The last value of a key, or null when it is not set.</summary>
    public string? Last(string section, string key) => All(section, key) is [.., var last] ? last : null;

    /// <summary>The words of all values of a key, quotes and escapes undone.</summary>
    public IEnumerable<string> Words(string section, string key) => All(section, key).SelectMany(UnitWords.Split);

    /// <summary>The words of all values of a key that lists other units: systemd only adds to such a list, an empty value clears nothing (systemd.unit(5)).</summary>
    public IEnumerable<string> UnitList(string section, string key) => Written(section, key).SelectMany(UnitWords.Split);

    /// <summary>Whether a boolean key is on (systemd.syntax(7): 1, yes, y, true, t, on).</summary>
    public bool IsOn(string section, string key) => Boolean(section, key) == true;

    /// <summary>Whether a boolean key is set to off (0, no, n, false, f, off).</summary>
    public bool IsOff(string section, string key) => Boolean(section, key) == false;

    /// <summary>Whether the unit writes a key at all, be it only to clear it.</summary>
    public bool Mentions(string section, string key) => _values.ContainsKey((section, key));

    /// <summary>Keys of a section that have a value; those that the unit only clears are left out.</summary>
    public IReadOnlySet<string> Set(string section) =>
        _values.Keys.Where(k => k.Section == section && All(section, k.Key).Count > 0).Select(k => k.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>Every key that the unit writes, with its section, in the order in which each is first written.</summary>
    public IEnumerable<(string Section, string Key)> Keys => _values.Keys;

    private List<string> Written(string section, string key) => _values.GetValueOrDefault((section, key)) ?? [];

    // What is no boolean, nothing at all included, is passed over by systemd, and what was set before stays.
    private bool? Boolean(string section, string key) => Written(section, key).Select(AsBoolean).LastOrDefault(b => b is not null);

    /// <summary>A boolean as systemd reads it (parse_boolean); null for what is none.</summary>
    internal static bool? AsBoolean(string value) => value.ToUpperInvariant() switch
    {
        "1" or "YES" or "Y" or "TRUE" or "T" or "ON" => true,
        "0" or "NO" or "N" or "FALSE" or "F" or "OFF" => false,
        _ => null,
    };

    private void Add(string text)
    {
        var section = "";
        foreach (var line in Lines(text))
        {
            if (line is ['[', .., ']'])
            {
                section = line[1..^1];
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                Add(section, line[..equals].Trim(Blanks), line[(equals + 1)..].Trim(Blanks));
            }
        }
    }

    private void Add(string section, string key, string value)
    {
        if (!_values.TryGetValue((section, key), out var values))
        {
            _values[(section, key)] = values = [];
        }

        values.Add(value);
    }

    // A backslash joins the next line; comments between joined lines are skipped.
    private static IEnumerable<string> Lines(string text)
    {
        var joined = "";
        foreach (var line in text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Split(LineEnds))
        {
            var start = line.TrimStart(Blanks);
            if (start is [('#' or ';'), ..])
            {
                continue;
            }

            if (JoinsNext(line))
            {
                joined += line[..^1] + " ";
                continue;
            }

            var whole = (joined + line).Trim(Blanks);
            joined = "";
            if (whole.Length > 0)
            {
                yield return whole;
            }
        }

        if (joined.Trim(Blanks) is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }

    // A backslash that is itself escaped joins nothing.
    private static bool JoinsNext(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;
}
