using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC122: folders of a service's user that hardening makes read-only or hides: its home, as most units of a person
/// have it (qbittorrent-nox@alice), and one in /etc that it owns (Debian's transmission-daemon). Without the line that
/// is named the service ends, loops, or runs without writing.
/// </summary>
internal static class WrittenFolderRules
{
    private static readonly string[] NoHomes =
        ["/bin", "/dev", "/etc", "/nonexistent", "/proc", "/run", "/sbin", "/tmp", "/usr", "/var/run", "/var/tmp"];

    private static readonly string[] Writable = ["ReadWritePaths", "ReadWriteDirectories", "BindPaths"];

    /// <summary>The home of a service's user; null for root and where it is not known.</summary>
    internal static string? HomeOf(ServiceUnit service, HostUsers users)
    {
        if (SharedUser.Of(service.RealName, service.Settings, users) is not { } user)
        {
            return null;
        }

        // A user that is named by an instance is a person's; a file of users that is not there says nothing of it.
        var isOfInstance = service.Settings.Last("Service", "User")!.Contains("%i", StringComparison.OrdinalIgnoreCase);
        return (users.Home(user) ?? (isOfInstance ? $"/home/{user}" : null))?.TrimEnd('/') is { Length: > 0 } home ? home : null;
    }

    internal static void Check(ServiceUnit service, HostFacts facts)
    {
        if (SharedUser.Of(service.RealName, service.Settings, facts.Users) is not { } user)
        {
            return;
        }

        var taken = Home(service, facts.Users).Concat(InEtc(service, facts, user)).Where(t => !IsWritten(service, t.Path)).ToList();
        if (taken.Count > 0)
        {
            var what = string.Join(" and ", taken.Select(t => $"{Visible.Text(t.Path)} ({t.Why})"));
            var line = string.Join(", ", taken.Select(t => $"\"{Visible.Text(t.Path)}\""));
            service.Warning(
                "VPC122",
                $"{service.Unit} runs as {Visible.Text(user)} and cannot write {what}.",
                $"Write writePaths = [{line}] under [{service.Written.InToml}], or name the folders in there that it writes.");
        }
    }

    private static IEnumerable<(string Path, string Why)> Home(ServiceUnit service, HostUsers users)
    {
        if (HomeOf(service, users) is not { } home || Array.Exists(NoHomes, n => HostPath.IsIn(home, n)))
        {
            yield break;
        }

        var isStrict = service.Hardening == HardeningProfile.Strict;
        if (HostPath.IsInHomes(home) && !service.Settings.Set("Service").Contains("ProtectHome"))
        {
            yield return (home, isStrict ? "its home: ProtectHome=yes" : "its home: ProtectHome=read-only");
        }
        else if (!HostPath.IsInHomes(home) && isStrict && !service.Settings.Set("Service").Contains("ProtectSystem"))
        {
            yield return (home, "its home: ProtectSystem=strict");
        }
    }

    private static IEnumerable<(string Path, string Why)> InEtc(ServiceUnit service, HostFacts facts, string user) =>
        from name in service.Settings.Set("Service").Contains("ProtectSystem") ? [] : OwnNames.Of(service).Distinct()
        let path = "/etc/" + name
        where facts.FolderOwners.TryGetValue(path, out var owner) && owner == facts.Users.Number(user)
        select (path, service.Hardening == HardeningProfile.Strict ? "its own: ProtectSystem=strict" : "its own: ProtectSystem=full");

    private static bool IsWritten(ServiceUnit service, string folder)
    {
        var settings = service.Settings;
        var instance = UnitName.InstanceOf(service.RealName) ?? "";
        var folders = UnitPath.FolderKeys.SelectMany(f => settings.Words("Service", f.Key).Select(w => f.Folder + w.Split(':')[0]));
        var written = Writable.SelectMany(k => settings.Words("Service", k)).Select(w => MountWord.Parse(w).Place);
        return service.Written.WritePaths.Select(p => p.Value).Concat(folders).Concat(written)
            .Select(p => p.Replace("%i", instance, StringComparison.Ordinal))
            .Any(p => HostPath.IsIn(folder, p) || HostPath.IsIn(p, folder));
    }
}
