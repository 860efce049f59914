using System.Text;

namespace VpnConfinement.State;

/// <summary>The specifiers of systemd.unit(5) whose value follows from a unit's name.</summary>
public static class UnitSpecifiers
{
    /// <summary>The value with its specifiers replaced; null where one depends on more than the name. In a template the instance is empty.</summary>
    /// <param name="value">The value as written.</param>
    /// <param name="unit">The unit's full name.</param>
    public static string? Expand(string value, string unit)
    {
        var stem = unit[..unit.LastIndexOf('.')];
        var at = stem.IndexOf('@', StringComparison.Ordinal);
        var prefix = at < 0 ? stem : stem[..at];
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '%' || i + 1 == value.Length)
            {
                text.Append(value[i]);
                continue;
            }

            i++;
            var expanded = value[i] switch
            {
                '%' => "%",
                'n' => unit,
                'N' => stem,
                'p' => prefix,
                'j' => prefix[(prefix.LastIndexOf('-') + 1)..],
                'i' => at < 0 ? "" : stem[(at + 1)..],
                // Undoes the escapes of the instance; where it can have none it is the instance as written.
                'I' when at < 0 || stem.IndexOfAny(['-', '\\'], at + 1) < 0 => at < 0 ? "" : stem[(at + 1)..],
                _ => null,
            };
            if (expanded is null)
            {
                return null;
            }

            text.Append(expanded);
        }

        return text.ToString();
    }
}
