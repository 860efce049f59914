namespace VpnConfinement.Settings;

/// <summary>A setting of a unit that some systemd from 249 to 262 knows.</summary>
/// <param name="Name">Its key, as systemd spells it.</param>
/// <param name="Since">The version of systemd that brought it; null for 249 and older.</param>
/// <param name="GoneWith">The version from which on systemd accepts the name and does nothing; null where none.</param>
/// <param name="AliasOf">The name that it has today; null where it has its own.</param>
/// <param name="Verdict">How much it counts.</param>
/// <param name="Codes">Codes of the rules that look at the value of a <see cref="SettingVerdict.Weighed"/> one.</param>
public sealed record KnownSetting(
    string Name, int? Since, int? GoneWith, string? AliasOf, SettingVerdict Verdict, IReadOnlyList<string> Codes)
{
    /// <summary>Whether a version of systemd does something for it.</summary>
    /// <param name="version">The version's number, as 252.</param>
    public bool IsOf(int version) =>
        Verdict != SettingVerdict.Ignored && version >= (Since ?? 0) && version < (GoneWith ?? int.MaxValue);
}
