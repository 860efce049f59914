using VpnConfinement.Model;

namespace VpnConfinement.Linux.Systemd;

/// <summary>Properties of many units at one moment: asking systemd once for all of them is what keeps a host with hundreds of units quick.</summary>
public sealed class UnitSnapshot
{
    private readonly Systemctl _systemctl;
    private readonly string[] _properties;
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _shown;

    private UnitSnapshot(Systemctl systemctl, string[] properties, Dictionary<string, IReadOnlyDictionary<string, string>> shown)
    {
        _systemctl = systemctl;
        _properties = properties;
        _shown = shown;
    }

    /// <summary>Asks for the properties of all units. Templates have none and may be among the names.</summary>
    public static UnitSnapshot Take(Systemctl systemctl, IEnumerable<string> units, params string[] properties) =>
        new(systemctl, properties, systemctl.ShowAll([.. units.Where(u => !UnitName.IsTemplateName(u)).Distinct(StringComparer.Ordinal)], properties));

    /// <summary>The properties of a unit; one that was not among the names, an instance for one, is asked for now.</summary>
    public IReadOnlyDictionary<string, string> Of(string unit) =>
        _shown.TryGetValue(unit, out var shown) ? shown : _shown[unit] = _systemctl.Show(unit, _properties);

    /// <summary>One property, or null.</summary>
    public string? Of(string unit, string property) => Of(unit).GetValueOrDefault(property);
}
