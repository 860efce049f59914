using VpnConfinement.Model;
using VpnConfinement.Settings;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC087: a unit that is given a folder of this program, and one under strict DNS whose own mounts bring the host's /run
/// back or hide the pinned resolver files.
/// </summary>
internal static class RunBindRules
{
    private static readonly string[] FixedFolders = ["%C", "%E", "%L", "%S", "%T", "%V", "%h"];
    private static readonly string[] OfInstance = ["%i", "%n", "%N"];
    private static readonly string[] Pinned = ["/etc", "/etc/resolv.conf", "/etc/nsswitch.conf"];

    internal static void Check(ServiceUnit service)
    {
        CheckOwnFolders(service);
        if (service.Namespace?.DnsMode?.Value == DnsMode.Compat)
        {
            return;
        }

        foreach (var key in MountSettings.OtherRoots(service.Settings))
        {
            service.Error("VPC087", $"{service.Unit} sets {key}{KnownSettings.SinceText("Service", key)}, so the pinned resolver files would not be the ones it sees.", "Run the service without it, or do not confine it.");
        }

        // These folders are bound back by us.
        var folders = service.Settings.Words("Service", "RuntimeDirectory").Select(d => ("RuntimeDirectory", d.Split(':')[0]));
        if (ServiceRules.PidFile(service.Settings) is { } file && file.LastIndexOf('/') is var slash and > 0)
        {
            folders = folders.Append(("PIDFile", file[..slash]));
        }

        foreach (var (key, folder) in folders.Where(f => IsKeptAway("/run/" + f.Item2, service.RealName)))
        {
            service.Error("VPC087", $"{service.Unit} has {key}= in /run/{Visible.Text(folder)}, which would bring back by what a service gets out of its namespace or asks a resolver of the host.", $"Name another folder with 'systemctl edit {service.Unit}', or do not confine it.");
        }

        CheckAccess(service);

        // A backslash there stands for the character behind it, and no path needs one.
        foreach (var value in MountSettings.Binds.SelectMany(k => service.Settings.All("Service", k))
            .Where(v => v.Contains('\\', StringComparison.Ordinal)).Distinct())
        {
            service.Error("VPC087", $"{service.Unit} binds {Visible.Text(value)}, and what that is cannot be told for the backslash.", $"Write the path without one with 'systemctl edit {service.Unit}'.");
        }

        foreach (var bind in MountSettings.BindWords(service.Settings).Distinct())
        {
            var mount = MountWord.Parse(bind);
            if (BringsBackRun(Plain(mount.Source), service) || BringsBackRun(Plain(mount.Place), service))
            {
                service.Error("VPC087", $"{service.Unit} binds {Visible.Text(bind)}, which brings the host's /run back.", $"Name what it needs in {service.Written.Path}.runPaths, and take the bind out with 'systemctl edit {service.Unit}'.");
            }
            else if (Pinned.Contains(Plain(mount.Place), StringComparer.Ordinal))
            {
                service.Error("VPC087", $"{service.Unit} binds {Visible.Text(bind)}, which is in the way of the pinned resolver files.", $"Take the bind out with 'systemctl edit {service.Unit}'.");
            }
        }
    }

    // systemd gives such a folder, with all in it, to the service's user (systemd.exec(5)): plans are what root runs.
    private static void CheckOwnFolders(ServiceUnit service)
    {
        foreach (var (key, root) in UnitPath.FolderKeys.Append(("RuntimeDirectory", "/run/")))
        {
            // FOLDER, or FOLDER:LINK:FLAGS: the link is below the same root.
            foreach (var word in service.Settings.Words("Service", key).Where(word =>
                word.Split(':').Any(path => OwnFolder.Holds(Real(root + path, service.RealName)))))
            {
                service.Error(
                    "VPC087",
                    $"{service.Unit} has {key}={Visible.Text(word)}, a folder of this program, which systemd would give to it.",
                    $"Name another folder with 'systemctl edit {service.Unit}'.");
            }
        }
    }

    // Of a tmpfs and such a setting on one path systemd takes the setting, which then shows the host's /run. Seen on 252 and 257.
    private static void CheckAccess(ServiceUnit service)
    {
        foreach (var key in MountSettings.Access)
        {
            List<string> words = [.. service.Settings.Words("Service", key)];
            if (words.Find(w => Real(MountWord.PathOf(w), service.RealName) == "/run") is not { } run)
            {
                continue;
            }

            var rest = words.Where(w => Real(MountWord.PathOf(w), service.RealName) != "/run").ToList();
            var again = rest.Count == 0 ? "" : $" and {key}={Visible.Text(string.Join(' ', rest))}";
            service.Error(
                "VPC087", $"{service.Unit} sets {key}={Visible.Text(run)}, which brings the host's /run back.",
                $"Write {key}= with nothing after it{again} under [Service] with 'systemctl edit {service.Unit}'; "
                + "for a folder of its own in /run write RuntimeDirectory=NAME.");
        }
    }

    private static bool BringsBackRun(string path, ServiceUnit service)
    {
        var real = Real(path, service.RealName);
        return real is "/" or "/var" || (LeadsToRun(path, service.RealName) && service.Written.RunPaths.All(p => p.Value != real));
    }

    /// <summary>Whether a path is, or may be, the host's /run or in it.</summary>
    internal static bool LeadsToRun(string path, string unit)
    {
        var real = Real(path, unit);
        return HostPath.IsIn(real, "/run") || IsUnknowable(real) || IsRootOfProcess(real);
    }

    private static bool IsKeptAway(string path, string unit) =>
        Real(path, unit) is var real && (HostSockets.KeptAway(real) is not null || (real.Split('/') is ["", "run", var first, ..] && IsUnknown(first, unit)));

    // /var/run is a link to /run.
    private static string Real(string path, string unit)
    {
        var plain = Plain(string.Join('/', path.Split('/').Select(name => Expand(name, unit))));
        return HostPath.IsIn(plain, "/var/run") ? plain["/var".Length..] : plain;
    }

    // No value of these has a slash. What follows from a template's instance stays: it may be anything.
    private static string Expand(string name, string unit) =>
        UnitName.IsTemplateName(unit) && OfInstance.Any(s => name.Contains(s, StringComparison.Ordinal)) ? name : UnitSpecifiers.Expand(name, unit) ?? name;

    // Of /proc/PID: the root and the working folder of a process, and what it has open.
    private static bool IsRootOfProcess(string path) =>
        path.Split('/') is ["", "proc", var pid, _, ..] && (pid is "self" or "thread-self" || pid.Contains('%', StringComparison.Ordinal) || pid.All(char.IsAsciiDigit));

    // A name that is a specifier from beginning to end may be any; a template whose instances have folders of their own names is let be.
    private static bool IsUnknown(string name, string unit) =>
        name is ['%', not '%'] && !(name == "%i" && UnitName.IsTemplateName(unit));

    // %t is /run for services of the system (systemd.unit(5), "Specifiers"); doubled slashes and dots lead to the same place.
    internal static string Plain(string path)
    {
        var expanded = path.Replace("%t", "/run", StringComparison.Ordinal);
        if (!expanded.StartsWith('/'))
        {
            return expanded;
        }

        var parts = new List<string>();
        foreach (var part in expanded.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != "."))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return "/" + string.Join('/', parts);
    }

    // A path whose first name has a specifier may be anything, but for the fixed folders; so may one in /var, where /var/run is.
    private static bool IsUnknowable(string path) =>
        !FixedFolders.Any(s => path.StartsWith(s, StringComparison.Ordinal))
        && (path.StartsWith('%') || (path.Split('/') is ["", var first, .. var rest] && (first.Contains('%', StringComparison.Ordinal) || (first == "var" && rest is [var second, ..] && second.Contains('%', StringComparison.Ordinal)))));
}
