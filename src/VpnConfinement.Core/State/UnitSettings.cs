using VpnConfinement.Text;

namespace VpnConfinement.State;

/// <summary>
/// What a unit says, from its fragment and drop-ins in systemd's order (systemd.syntax(7)): comments, continued lines and empty assignments
/// are understood, values are kept as written. For a key that may stand several times all values are kept; an empty one clears those before it.
/// </summary>
public sealed class UnitSettings
{
    private readonly Dictionary<(string Section, string Key), List<string>> _values = [];
    private readonly HashSet<(string Section, string Key)> _mentioned = [];

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

    /// <summary>The values of a key in the order written; empty when it is not set.</summary>
    public IReadOnlyList<string> All(string section, string key) => _values.GetValueOrDefault((section, key)) ?? [];

    /// <summary>The last value of a key, or null when it is not set.</summary>
    public string? Last(string section, string key) => All(section, key) is [.., var last] ? last : null;

    /// <summary>The space-separated words of all values of a key.</summary>
    public IEnumerable<string> Words(string section, string key) =>
        All(section, key).SelectMany(v => v.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether a boolean key is on (systemd.syntax(7): 1, yes, y, true, t, on).</summary>
    public bool IsOn(string section, string key) =>
        Last(section, key)?.ToUpperInvariant() is "1" or "YES" or "Y" or "TRUE" or "T" or "ON";

    /// <summary>Whether a boolean key is set to off (0, no, n, false, f, off).</summary>
    public bool IsOff(string section, string key) =>
        Last(section, key)?.ToUpperInvariant() is "0" or "NO" or "N" or "FALSE" or "F" or "OFF";

    /// <summary>Keys of a section that the unit mentions at all, those cleared included.</summary>
    public IReadOnlySet<string> Mentioned(string section) =>
        _mentioned.Where(k => k.Section == section).Select(k => k.Key).ToHashSet(StringComparer.Ordinal);

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
                Set(section, line[..equals].Trim(), line[(equals + 1)..].Trim());
            }
        }
    }

    private void Set(string section, string key, string value)
    {
        _mentioned.Add((section, key));
        if (value.Length == 0)
        {
            _values.Remove((section, key));
        }
        else if (_values.TryGetValue((section, key), out var values))
        {
            values.Add(value);
        }
        else
        {
            _values[(section, key)] = [value];
        }
    }

    // A backslash joins the next line; comments between joined lines are skipped.
    private static IEnumerable<string> Lines(string text)
    {
        var joined = "";
        foreach (var raw in text.TrimStart('\uFEFF').Split('\n'))
        {
            var line = raw.TrimEnd('\r');
            var start = line.TrimStart();
            if (start is [('#' or ';'), ..])
            {
                continue;
            }

            if (line.EndsWith('\\'))
            {
                joined += line[..^1] + " ";
                continue;
            }

            var whole = (joined + line).Trim();
            joined = "";
            if (whole.Length > 0)
            {
                yield return whole;
            }
        }

        if (joined.Trim() is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }
}
