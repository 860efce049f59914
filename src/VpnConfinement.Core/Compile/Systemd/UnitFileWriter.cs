using System.Text;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// Writes a unit file or a drop-in. It takes only keys from a closed set, because systemd accepts a mistyped key with no more than a warning in
/// the journal, and a service whose <c>NetworkNamespacePath</c> is mistyped starts unconfined.
/// </summary>
/// <param name="header">The first line, a comment.</param>
public sealed class UnitFileWriter(string header)
{
    private readonly StringBuilder _text = new(header + "\n");
    private string? _section;

    /// <summary>Begins a section.</summary>
    public void Section(string name)
    {
        if (!UnitKeys.Known.ContainsKey(name))
        {
            throw new ArgumentException($"[{name}] is not a section that is written", nameof(name));
        }

        _section = name;
        _text.Append("\n[").Append(name).Append("]\n");
    }

    /// <summary>Adds a setting; an empty value resets what was set before.</summary>
    /// <exception cref="ArgumentException">The key is not in the closed set, or the value would not stay one line.</exception>
    public void Add(string key, string value)
    {
        if (_section is null || !UnitKeys.Known[_section].Contains(key))
        {
            throw new ArgumentException($"{key} is not a key that is written in section [{_section}]", nameof(key));
        }

        // A backslash at the end would join the next line to this one (systemd.syntax(7)).
        if (value.Any(char.IsControl) || value.EndsWith('\\'))
        {
            throw new ArgumentException($"the value of {key} would not stay on its line", nameof(value));
        }

        _text.Append(key).Append('=').Append(value).Append('\n');
    }

    /// <summary>The whole text.</summary>
    public override string ToString() => _text.ToString();
}
