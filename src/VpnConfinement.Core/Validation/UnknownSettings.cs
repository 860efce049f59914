using VpnConfinement.Model;
using VpnConfinement.Settings;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC119: what a unit sets that is not in the tables of <see cref="KnownSettings"/>. systemd passes over what it does
/// not know, and a newer one may know it (S-35). What begins with <c>X-</c> is for other programs (systemd.unit(5)).
/// </summary>
internal static class UnknownSettings
{
    private const string Foreign = "X-";
    private const string Newer = "what a newer one does with it cannot be weighed here";

    internal static IEnumerable<(string Message, string Remedy)> Of(
        UnitName unit, string section, UnitSettings settings)
    {
        var sections = KnownSettings.SectionsWith(section);
        var others = settings.Keys.Select(k => k.Section).Distinct().Where(s => !sections.Contains(s) && !IsForeign(s));
        foreach (var name in others)
        {
            yield return name.Length == 0 ? BeforeSections(unit, settings) : Section(unit, name, sections);
        }

        foreach (var (where, key) in settings.Keys.Where(k => sections.Contains(k.Section) && !IsForeign(k.Key)))
        {
            if (!KnownSettings.Of(where).ContainsKey(key))
            {
                yield return (
                    $"{unit} sets {Visible.Text(key)}= in [{where}], "
                        + $"which no systemd up to {KnownSettings.Newest} knows: {Newer}.",
                    $"{Advice(where, key, sections)} with 'systemctl edit --full {unit}'.");
            }
        }
    }

    private static bool IsForeign(string name) => name.StartsWith(Foreign, StringComparison.Ordinal);

    private static (string, string) BeforeSections(UnitName unit, UnitSettings settings) => (
        $"{unit} sets {Visible.Text(settings.Keys.First(k => k.Section.Length == 0).Key)}= before its first section, "
            + "where systemd reads nothing.",
        $"Move it into the section where it belongs with 'systemctl edit --full {unit}'.");

    private static (string, string) Section(UnitName unit, string name, IReadOnlyList<string> sections) => (
        $"{unit} has a section [{Visible.Text(name)}], which systemd does not read there: {Newer}.",
        (NearestName.Of(name, sections) is { } near ? $"Did you mean [{near}]? Correct it" : "Take it out")
            + $" with 'systemctl edit --full {unit}'.");

    private static string Advice(string where, string key, IReadOnlyList<string> sections)
    {
        if (sections.FirstOrDefault(s => KnownSettings.Of(s).ContainsKey(key)) is { } home)
        {
            return $"It is a setting of [{home}]: move it there";
        }

        return NearestName.Of(key, KnownSettings.Of(where).Keys) is { } near
            ? $"Did you mean {near}=? Correct it"
            : "Take it out";
    }
}
