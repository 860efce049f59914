namespace VpnConfinement.Settings;

/// <summary>Settings of [Install] (systemd.unit(5)).</summary>
/// <remarks>The form is that of <see cref="SettingTable"/>.</remarks>
internal static class InstallSettings
{
    internal const string Text = """
        harmless:
          Alias Also DefaultInstance RequiredBy UpheldBy@254 WantedBy
        """;
}
