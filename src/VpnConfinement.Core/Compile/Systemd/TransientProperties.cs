using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// The lines of a drop-in as properties of a transient unit (systemd-run(1), <c>--property=</c>): the same words, but
/// no specifiers, which systemd does not expand there.
/// </summary>
public static class TransientProperties
{
    private static readonly string[] Sections = ["Unit", "Service"];

    /// <summary>The properties, as <c>KEY=VALUE</c>.</summary>
    /// <param name="settings">The drop-in.</param>
    /// <param name="unit">Full name of the transient unit.</param>
    /// <exception cref="ArgumentException">A value has a specifier that depends on more than the name.</exception>
    public static IReadOnlyList<string> Of(UnitSettings settings, string unit) =>
    [
        .. from key in settings.Keys
           where Sections.Contains(key.Section, StringComparer.Ordinal)
           from value in Values(settings, key.Section, key.Key)
           let expanded = UnitSpecifiers.Expand(value, unit)
               ?? throw new ArgumentException($"{key.Key}={value} has an unknown specifier", nameof(settings))
           select $"{key.Key}={expanded}",
    ];

    // A key that is only cleared has its empty value, which is a setting too: CapabilityBoundingSet=.
    private static IReadOnlyList<string> Values(UnitSettings settings, string section, string key) =>
        settings.All(section, key) is { Count: > 0 } values ? values : [""];
}
