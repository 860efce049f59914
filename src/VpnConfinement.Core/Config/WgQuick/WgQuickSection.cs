using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Config.WgQuick;

/// <summary>What both kinds of section need: values that may stand once, lists that may be split, numbers in range.</summary>
internal abstract class WgQuickSection(SourceSpan span, string path, DiagnosticBag findings)
{
    private readonly Dictionary<string, SourceSpan> _seen = new(StringComparer.Ordinal);

    protected SourceSpan Span { get; } = span;

    protected string Path { get; } = path;

    protected DiagnosticBag Findings { get; } = findings;

    /// <summary>
    /// Takes a setting. One without a value is none where wg-quick reads the key, and refused where wg does.
    /// </summary>
    internal void Take(string key, string value, SourceSpan span)
    {
        if (value.Length > 0)
        {
            Set(key, value, span);
        }
        else if (!MayBeEmpty(key))
        {
            Findings.Error("VPC050", Path, span, $"{key} has no value.", "Write its value, or delete the line.");
        }
    }

    /// <summary>Takes a value that is not empty.</summary>
    protected abstract void Set(string key, string value, SourceSpan span);

    /// <summary>Whether the key without a value means that it is not set.</summary>
    protected abstract bool MayBeEmpty(string key);

    /// <summary>False, with a finding, the second time.</summary>
    protected bool Once(string key, SourceSpan span)
    {
        if (_seen.TryAdd(key, span))
        {
            return true;
        }

        Findings.Error("VPC004", Path, span, $"{key} is set twice in one section; the first time at {_seen[key]}.", "Keep one of the two.");
        return false;
    }

    /// <summary>The items of a value, each with its place.</summary>
    /// <param name="value">The value.</param>
    /// <param name="span">Where it stands.</param>
    /// <param name="blanks">Whether blanks separate items as commas do: in the keys that wg-quick reads itself.</param>
    protected static IEnumerable<Located<string>> Items(string value, SourceSpan span, bool blanks)
    {
        var offset = 0;
        foreach (var part in blanks ? value.Split(',', ' ', '\t') : value.Split(','))
        {
            var item = part.Trim();
            if (item.Length > 0)
            {
                var column = span.Column + offset + (part.Length - part.TrimStart().Length);
                yield return new Located<string>(item, span with { Column = column, Length = item.Length });
            }

            offset += part.Length + 1;
        }
    }

    protected Located<int>? Number(string key, string value, SourceSpan span, OptionType.Number type)
    {
        if (IpText.TryParseNumber(value, type.Most, out var number) && type.Takes(number))
        {
            return new Located<int>(number, span);
        }

        Findings.Error("VPC050", Path, span, $"{key} is '{Visible.Text(value)}'; {type.Wanted} is needed.", $"Write {type.Wanted}.");
        return null;
    }
}
