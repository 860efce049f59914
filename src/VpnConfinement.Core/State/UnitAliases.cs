namespace VpnConfinement.State;

/// <summary>The other names of units: links from one unit's file name to another's (systemd.unit(5), "aliased").</summary>
/// <param name="links">What each linked name leads to, both with suffix.</param>
public sealed class UnitAliases(IReadOnlyDictionary<string, string> links)
{
    // As many as the kernel follows links.
    private const int MostHops = 40;

    /// <summary>No aliases.</summary>
    public static UnitAliases None { get; } = new(new Dictionary<string, string>());

    /// <summary>The unit's own name; the same name where it is no alias. An instance follows its template's alias.</summary>
    public string RealName(string unit)
    {
        var name = unit;
        for (var hops = 0; hops < MostHops; hops++)
        {
            if (Next(name) is not { } next || next == name)
            {
                return name;
            }

            name = next;
        }

        return name;
    }

    /// <summary>The other names of a unit, in ordinal order.</summary>
    /// <param name="realName">The unit's own name.</param>
    public IReadOnlyList<string> Of(string realName)
    {
        var instance = InstanceOf(realName);
        return
        [
            .. links.Keys.Select(k => instance is not null && InstanceOf(k) == "" ? WithInstance(k, instance) : k)
                .Where(k => k != realName && RealName(k) == realName).Distinct().Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The instance of a unit's name: <c>x</c> of <c>app@x.service</c>, empty for a template, null for a plain unit.</summary>
    public static string? InstanceOf(string unit)
    {
        var at = unit.IndexOf('@', StringComparison.Ordinal);
        var dot = unit.LastIndexOf('.');
        return at < 0 || dot < at ? null : unit[(at + 1)..dot];
    }

    /// <summary>The template's name with an instance: <c>app@x.service</c> of <c>app@.service</c> and <c>x</c>; an empty instance makes the template's name.</summary>
    public static string WithInstance(string unit, string instance) =>
        unit[..(unit.IndexOf('@', StringComparison.Ordinal) + 1)] + instance + unit[unit.LastIndexOf('.')..];

    private string? Next(string name)
    {
        var instance = InstanceOf(name);
        if (links.TryGetValue(name, out var target))
        {
            // An instance that is linked to a template is that template's instance.
            return instance is { Length: > 0 } && InstanceOf(target) == "" ? WithInstance(target, instance) : target;
        }

        return instance is { Length: > 0 } && links.TryGetValue(WithInstance(name, ""), out var template) && InstanceOf(template) == ""
            ? WithInstance(template, instance)
            : null;
    }
}
