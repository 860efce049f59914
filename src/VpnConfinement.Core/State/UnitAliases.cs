using VpnConfinement.Model;

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
        var instance = UnitName.InstanceOf(realName);
        return
        [
            .. links.Keys.Select(k => instance is not null && UnitName.InstanceOf(k) == "" ? UnitName.WithInstance(k, instance) : k)
                .Where(k => k != realName && RealName(k) == realName).Distinct().Order(StringComparer.Ordinal),
        ];
    }

    private string? Next(string name)
    {
        var instance = UnitName.InstanceOf(name);
        if (links.TryGetValue(name, out var target))
        {
            // An instance that is linked to a template is that template's instance.
            return instance is { Length: > 0 } && UnitName.InstanceOf(target) == "" ? UnitName.WithInstance(target, instance) : target;
        }

        return instance is { Length: > 0 } && links.TryGetValue(UnitName.TemplateOf(name), out var template) && UnitName.InstanceOf(template) == ""
            ? UnitName.WithInstance(template, instance)
            : null;
    }
}
