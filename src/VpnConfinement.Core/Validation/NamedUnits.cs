using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC003 and VPC005: the units of one kind that the configuration names. Each is one unit, is named once, by whatever
/// name, and no instance stands beside its template.
/// </summary>
/// <param name="config">What was written.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class NamedUnits(ConfigFile config, DiagnosticBag findings)
{
    private readonly Dictionary<string, UnitConfig> _claims = new(StringComparer.Ordinal);
    private readonly NamespaceChoice _choice = new(config, findings);

    /// <summary>The units by the namespace that they name, in ordinal order of their names.</summary>
    /// <param name="units">What was written of them.</param>
    /// <param name="codes">The codes for a namespace that is: not named, unknown, disabled.</param>
    /// <param name="check">Checks one, in its namespace, which is null where that was refused.</param>
    internal ILookup<string, T> Check<TConfig, T>(
        IEnumerable<TConfig> units,
        (string None, string Unknown, string Disabled) codes,
        Func<TConfig, UnitName, NamespaceConfig?, T?> check)
        where TConfig : UnitConfig
        where T : class
    {
        var all = new List<(string Name, string Namespace, T Unit)>();
        foreach (var written in units.Where(u => u.Enable))
        {
            var ns = _choice.Of(written, codes);
            if (written.Unit is not { } unit)
            {
                NoUnit(written);
            }
            else if (check(written, unit, ns) is { } confined && ns is not null)
            {
                all.Add((unit.ToString(), ns.Name.Value, confined));
            }
        }

        CheckTemplates();
        return all.OrderBy(u => u.Name, StringComparer.Ordinal)
            .ToLookup(u => u.Namespace, u => u.Unit, StringComparer.Ordinal);
    }

    /// <summary>Claims a unit for what was written.</summary>
    /// <param name="realName">The unit's own name.</param>
    /// <param name="written">What was written.</param>
    internal void Claim(string realName, UnitConfig written)
    {
        if (!_claims.TryAdd(realName, written))
        {
            Error("VPC005", written, $"{Visible.Text(realName)} is named twice: as '{Visible.Text(_claims[realName].Name.Value)}' and as '{Visible.Text(written.Name.Value)}'.", "Keep one of the two.");
        }
    }

    private void NoUnit(UnitConfig written) => Error(
        "VPC003", written, $"'{Visible.Text(written.Name.Value)}' is not the name of a {written.Kind}.",
        UnitName.IsPrefix(written.Name.Value)
            ? "Name each unit by itself: a name that ends in a dash stands for all units that begin with it."
            : $"Write the unit's name, with or without .{written.Kind}.");

    private void CheckTemplates()
    {
        foreach (var (name, written) in _claims)
        {
            if (UnitName.TemplateOf(name) is var general && general != name && _claims.TryGetValue(general, out var template))
            {
                Error("VPC005", written, $"{Visible.Text(name)} is an instance of '{Visible.Text(template.Name.Value)}', which is named as well.", "Name the template, or instances one by one, not both.");
            }
        }
    }

    private void Error(string code, UnitConfig written, string message, string remedy) =>
        findings.Error(code, written.Path, written.Name.Span, message, remedy);
}
