using System.Collections.Frozen;

namespace VpnConfinement.Settings;

/// <summary>
/// Every setting of a service or socket unit that systemd 249 to 262 knows, by section (S-35). What is not in it is
/// not known to this program, and named (VPC119). Source: <c>systemd --dump-configuration-items</c> of 252, 257 and
/// 262, and the "Added in version" notes of systemd's man pages.
/// </summary>
public static class KnownSettings
{
    /// <summary>The newest systemd whose settings are all in the tables.</summary>
    public const int Newest = 262;

    private static readonly string[] Shared = ["Unit", "Install"];

    private static readonly FrozenDictionary<string, FrozenDictionary<string, KnownSetting>> Tables =
        new Dictionary<string, FrozenDictionary<string, KnownSetting>>
        {
            ["Unit"] = ByName(UnitSectionSettings.Text),
            ["Service"] = ByName(ServiceSettings.Text, ProcessSettings.Text),
            ["Socket"] = ByName(SocketSettings.Text, ProcessSettings.Text),
            ["Install"] = ByName(InstallSettings.Text),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The sections that systemd reads in units of a kind: those of all units, and the kind's own.</summary>
    /// <param name="section">The kind's own: <c>Service</c> or <c>Socket</c>.</param>
    public static IReadOnlyList<string> SectionsWith(string section) => [Shared[0], section, Shared[1]];

    /// <summary>The settings of a section, by name; none for a section that is not among the tables.</summary>
    public static IReadOnlyDictionary<string, KnownSetting> Of(string section) =>
        Tables.GetValueOrDefault(section) ?? FrozenDictionary<string, KnownSetting>.Empty;

    /// <summary>The version that brought a setting, as a message says it; nothing where it is 249 or older.</summary>
    public static string SinceText(string section, string name) =>
        Of(section).GetValueOrDefault(name)?.Since is { } since ? $" (systemd {since} and later)" : "";

    private static FrozenDictionary<string, KnownSetting> ByName(params string[] texts) =>
        texts.SelectMany(SettingTable.Parse).ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);
}
