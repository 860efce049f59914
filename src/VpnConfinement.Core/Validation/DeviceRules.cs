using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC123: devices that a service's groups or its unit name, and that <c>PrivateDevices=yes</c> of ours hides.</summary>
internal static class DeviceRules
{
    // Groups of which Debian, Fedora and Arch say that they may open devices (systemd's 50-udev-default.rules).
    private static readonly string[] Groups =
    [
        "audio", "cdrom", "dialout", "disk", "floppy", "gpio", "i2c", "input", "kvm", "lp", "optical", "plugdev", "render",
        "scanner", "spi", "storage", "tape", "uucp", "video",
    ];

    // What a service with PrivateDevices=yes has all the same (systemd.exec(5)).
    private static readonly string[] Kept =
    [
        "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/pts", "/dev/ptmx",
        "/dev/shm", "/dev/log", "char-pts",
    ];

    internal static void Check(ServiceUnit service, HostUsers users)
    {
        if (service.Settings.Set("Service").Contains("PrivateDevices"))
        {
            return;
        }

        var named = Named(service, users).Distinct(StringComparer.Ordinal).ToList();
        if (named.Count > 0)
        {
            service.Notice(
                "VPC123",
                $"{service.Unit} sees no devices of the host, and {string.Join(", ", named)} says that it may use some.",
                $"If it needs them, write PrivateDevices=no under [Service] with 'systemctl edit {service.Unit}' (VPC113).");
        }
    }

    private static IEnumerable<string> Named(ServiceUnit service, HostUsers users)
    {
        foreach (var word in service.Settings.All("Service", "DeviceAllow").SelectMany(v => UnitWords.Split(v).Take(1)))
        {
            if (word.Length > 0 && !Kept.Contains(word, StringComparer.Ordinal))
            {
                yield return $"DeviceAllow={Visible.Text(word)}";
            }
        }

        foreach (var key in new[] { "Group", "SupplementaryGroups" })
        {
            foreach (var group in service.Settings.Words("Service", key).Where(g => Groups.Contains(g, StringComparer.Ordinal)))
            {
                yield return $"{key}={group}";
            }
        }

        if (SharedUser.Of(service.RealName, service.Settings, users) is { } user)
        {
            foreach (var group in users.GroupsOf(user).Where(g => Groups.Contains(g, StringComparer.Ordinal)))
            {
                yield return $"group {group} of {Visible.Text(user)}";
            }
        }
    }
}
