using System.Diagnostics.CodeAnalysis;

namespace VpnConfinement.Model;

/// <summary>Name of a systemd unit with its suffix: a plain unit, a template (<c>app@.service</c>) or an instance (<c>app@x.service</c>).</summary>
public readonly record struct UnitName
{
    private const string ServiceSuffix = ".service";
    private const string SocketSuffix = ".socket";

    /// <summary>Longest unit name, systemd's UNIT_NAME_MAX less the final NUL (systemd.unit(5): 255 characters).</summary>
    public const int MaxLength = 255;

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
        if (full.Length > MaxLength || stem.Length == 0 || stem[0] is '@' or '.' || !stem.All(IsUnitCharacter) || HasOtherSuffix(stem))
        {
            return false;
        }

        name = new UnitName(full);
        return true;
    }

    /// <summary>True for <c>app@.service</c>.</summary>
    public bool IsTemplate => IsTemplateName(ToString());

    /// <summary>Whether the full name of a unit is a template's.</summary>
    public static bool IsTemplateName(string unit) => unit.Contains("@.", StringComparison.Ordinal);

    /// <summary>Whether the full name of a unit is a socket's.</summary>
    public static bool IsSocketName(string unit) => unit.EndsWith(SocketSuffix, StringComparison.Ordinal);

    /// <summary>The template of an instance (<c>app@.service</c> of <c>app@x.service</c>), or null.</summary>
    public string? Template
    {
        get
        {
            var text = ToString();
            var at = text.IndexOf('@', StringComparison.Ordinal);
            return at < 0 || IsTemplate ? null : TemplateOf(text);
        }
    }

    /// <summary>The template of an instance's name, or the name itself.</summary>
    public static string TemplateOf(string unit)
    {
        var at = unit.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? unit : unit[..(at + 1)] + (IsSocketName(unit) ? SocketSuffix : ServiceSuffix);
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? throw new InvalidOperationException("a unit name that was never parsed");

    // systemd's VALID_CHARS of unit-name.c: letters, digits and ":-_.\@".
    private static bool IsUnitCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '_' or '.' or '\\' or '@';

    private static bool HasOtherSuffix(string stem) =>
        stem.EndsWith(".socket", StringComparison.Ordinal) || stem.EndsWith(".target", StringComparison.Ordinal)
        || stem.EndsWith(".timer", StringComparison.Ordinal) || stem.EndsWith(".path", StringComparison.Ordinal)
        || stem.EndsWith(".mount", StringComparison.Ordinal) || stem.EndsWith(".slice", StringComparison.Ordinal)
        || stem.EndsWith(".scope", StringComparison.Ordinal) || stem.EndsWith(".service", StringComparison.Ordinal);
}
