using VpnConfinement.Model;
using VpnConfinement.Settings;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC127: settings with the names of links. systemd looks these up in its own network namespace and hands the kernel
/// their numbers there, which are other links in a namespace, or none (systemd issue 26104).
/// </summary>
internal static class LinkNames
{
    private static readonly string[] Keys = ["BindNetworkInterface", "RestrictNetworkInterfaces"];

    internal static IEnumerable<(string Message, string Remedy)> Of(
        UnitName unit, string section, UnitSettings settings) =>
        from key in Keys
        let values = settings.All(section, key)
        where values.Count > 0
        select (
            $"{unit} sets {key}={Visible.Text(string.Join(' ', values))}{KnownSettings.SinceText(section, key)}: "
                + "systemd takes the numbers of the host's links, which are none or others in a namespace.",
            $"Write {key}= with nothing after it under [{section}] with 'systemctl edit {unit}'.");
}
