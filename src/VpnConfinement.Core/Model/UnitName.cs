using System.Diagnostics.CodeAnalysis;

namespace VpnConfinement.Model;

/// <summary>Name of a systemd unit with its suffix: a plain unit, a template (<c>app@.service</c>) or an instance (<c>app@x.service</c>).</summary>
public readonly record struct UnitName
{
    private const string ServiceSuffix = ".service";
    private const string SocketSuffix = ".socket";

    /// <summary>Longest unit name, systemd's UNIT_NAME_MAX less the final NUL (systemd.unit(5): 255 characters).</summary>
    public const int MaxLength = 255;

    /// <summary>The types of units, which are their suffixes without the full stop (systemd.unit(5)).</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "service", "socket", "target", "timer", "path", "mount", "automount", "swap", "device", "slice", "scope",
    ];

    private readonly string? _text;

    private UnitName(string text) => _text = text;

    /// <summary>Reads the name of a service, with or without <c>.service</c>; false when it is no service's name.</summary>
    public static bool TryParseService([NotNullWhen(true)] string? text, out UnitName name) => TryParse(text, ServiceSuffix, out name);

    /// <summary>Reads the name of a socket, with or without <c>.socket</c>; false when it is no socket's name.</summary>
    public static bool TryParseSocket([NotNullWhen(true)] string? text, out UnitName name) => TryParse(text, SocketSuffix, out name);

    private static bool TryParse([NotNullWhen(true)] string? text, string suffix, out UnitName name)
    {
        name = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var full = text.EndsWith(suffix, StringComparison.Ordinal) ? text : text + suffix;
        var stem = full[..^suffix.Length];
        if (full.Length > MaxLength || stem.Length == 0 || stem[0] is '@' or '.' || IsPrefix(stem)
            || !stem.All(IsUnitCharacter) || HasSuffix(stem))
        {
            return false;
        }

        name = new UnitName(full);
        return true;
    }

    /// <summary>
    /// Whether a name ends in a dash: the drop-ins of such a unit are those of every unit that begins so (systemd.unit(5)).
    /// </summary>
    public static bool IsPrefix(string name) =>
        name.EndsWith('-') || name.EndsWith('-' + ServiceSuffix, StringComparison.Ordinal) || name.EndsWith('-' + SocketSuffix, StringComparison.Ordinal);

    /// <summary>Whether the full name of a unit is a template's.</summary>
    public static bool IsTemplateName(string unit) => unit.Contains("@.", StringComparison.Ordinal);

    /// <summary>Whether the full name of a unit is a socket's.</summary>
    public static bool IsSocketName(string unit) => unit.EndsWith(SocketSuffix, StringComparison.Ordinal);

    /// <summary>The instance of a unit's name: <c>x</c> of <c>app@x.service</c>, empty for a template, null for a plain unit.</summary>
    public static string? InstanceOf(string unit)
    {
        var at = unit.IndexOf('@', StringComparison.Ordinal);
        var dot = unit.LastIndexOf('.');
        return at < 0 || dot < at ? null : unit[(at + 1)..dot];
    }

    /// <summary>The name of a template or an instance with another instance: <c>app@x.service</c> of <c>app@.service</c> and <c>x</c>.</summary>
    public static string WithInstance(string unit, string instance) =>
        unit[..(unit.IndexOf('@', StringComparison.Ordinal) + 1)] + instance + unit[unit.LastIndexOf('.')..];

    /// <summary>The template of an instance's name (<c>app@.service</c> of <c>app@x.service</c>); any other name as it is.</summary>
    public static string TemplateOf(string unit) => InstanceOf(unit) is { Length: > 0 } ? WithInstance(unit, "") : unit;

    /// <inheritdoc/>
    public override string ToString() => _text ?? throw new InvalidOperationException("a unit name that was never parsed");

    // systemd's VALID_CHARS of unit-name.c: letters, digits and ":-_.\@".
    private static bool IsUnitCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '_' or '.' or '\\' or '@';

    private static bool HasSuffix(string stem) => Types.Any(t => stem.EndsWith('.' + t, StringComparison.Ordinal));
}
