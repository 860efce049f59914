using VpnConfinement.Model;
using VpnConfinement.Settings;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// What DelegateNamespaces= leaves to a unit's own user namespace (systemd.exec(5), systemd 258 and later). With the
/// network among it, systemd cannot join a namespace by NetworkNamespacePath=: it logs that it proceeds without, on the
/// host's network (S-35).
/// </summary>
internal static class DelegatedNamespaces
{
    private const string Key = "DelegateNamespaces";
    private const string Network = "net";

    private static readonly string[] All = ["cgroup", "ipc", "mnt", Network, "pid", "time", "uts"];

    // systemd makes these only with a mount namespace of the same owner.
    private static readonly string[] WithMounts = ["cgroup", "mnt", Network, "pid"];

    /// <summary>The value, where the network is among what is delegated; null where it is not.</summary>
    internal static string? WithNetwork(UnitSettings settings, string section) =>
        Of(settings, section).Contains(Network) ? Value(settings, section) : null;

    /// <summary>The value, where the mounts are the unit's own and the network is not; null otherwise.</summary>
    internal static string? WithMountsOnly(UnitSettings settings, string section) =>
        Of(settings, section) is var set && !set.Contains(Network) && set.Overlaps(WithMounts)
            ? Value(settings, section)
            : null;

    internal static string Said(UnitName unit, string value) =>
        $"{unit} sets {Key}={Visible.Text(value)}{KnownSettings.SinceText("Service", Key)}, "
        + "with which systemd starts it on the host's network.";

    internal static string Remedy(UnitName unit, string section) =>
        $"Write {Key}= with nothing after it under [{section}] with 'systemctl edit {unit}', "
        + "or leave 'net' out of its list.";

    private static string Value(UnitSettings settings, string section) => string.Join(' ', settings.All(section, Key));

    // A boolean replaces what stood before, a list adds to it, one with '~' takes away; the first line with '~' begins
    // with all. systemd passes over a line with a word that it does not know: here such a line takes nothing away.
    private static HashSet<string> Of(UnitSettings settings, string section)
    {
        HashSet<string>? found = null;
        foreach (var value in settings.All(section, Key))
        {
            var words = UnitWords.Split(value.TrimStart('~'));
            if (UnitSettings.AsBoolean(value) is { } whole)
            {
                found = whole ? [.. All] : [];
            }
            else if (!value.StartsWith('~'))
            {
                (found ??= []).UnionWith(words.Intersect(All));
            }
            else if (words.All(w => All.Contains(w, StringComparer.Ordinal) || w == "user"))
            {
                (found ??= [.. All]).ExceptWith(words);
            }
        }

        return found ?? [];
    }
}
