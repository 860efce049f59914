using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC087: a unit under strict DNS whose own mounts bring the host's /run back or hide the pinned resolver files.</summary>
internal static class RunBindRules
{
    private static readonly string[] RootKeys = ["RootDirectory", "RootImage"];
    private static readonly string[] FixedFolders = ["%C", "%E", "%L", "%S", "%T", "%V", "%h"];
    private static readonly string[] Pinned = ["/etc", "/etc/resolv.conf", "/etc/nsswitch.conf"];

    internal static void Check(ServiceUnit service)
    {
        if (service.Namespace?.DnsMode?.Value == DnsMode.Compat)
        {
            return;
        }

        foreach (var key in RootKeys.Where(k => service.Settings.Last("Service", k) is not (null or "/")))
        {
            service.Error("VPC087", $"{service.Unit} sets {key}, so the pinned resolver files would not be the ones it sees.", "Run the service without it, or do not confine it.");
        }

        // These folders are bound back by us.
        var folders = service.Settings.Words("Service", "RuntimeDirectory").Select(d => ("RuntimeDirectory", d.Split(':')[0]));
        if (ServiceRules.PidFile(service.Settings) is { } file && file.LastIndexOf('/') is var slash and > 0)
        {
            folders = folders.Append(("PIDFile", file[..slash]));
        }

        foreach (var (key, folder) in folders.Where(f => HostSockets.KeptAway(Plain("/run/" + f.Item2)) is not null))
        {
            service.Error("VPC087", $"{service.Unit} has {key}= in /run/{Visible.Text(folder)}, which would bring back by what a service gets out of its namespace or asks a resolver of the host.", $"Name another folder with 'systemctl edit {service.Unit}', or do not confine it.");
        }

        foreach (var bind in service.Settings.Words("Service", "BindPaths").Concat(service.Settings.Words("Service", "BindReadOnlyPaths")).Distinct())
        {
            var paths = bind.TrimStart('-').Split(':').Take(2).Select(Plain).ToList();
            if (paths.Any(p => BringsBackRun(p, service)))
            {
                service.Error("VPC087", $"{service.Unit} binds {Visible.Text(bind)}, which brings the host's /run back.", $"Name what it needs in {service.Written.Path}.runPaths, and take the bind out with 'systemctl edit {service.Unit}'.");
            }
            else if (Pinned.Contains(paths[^1], StringComparer.Ordinal))
            {
                service.Error("VPC087", $"{service.Unit} binds {Visible.Text(bind)}, which is in the way of the pinned resolver files.", $"Take the bind out with 'systemctl edit {service.Unit}'.");
            }
        }
    }

    private static bool BringsBackRun(string path, ServiceUnit service)
    {
        var real = path == "/var/run" || path.StartsWith("/var/run/", StringComparison.Ordinal) ? path["/var".Length..] : path;
        return real is "/" or "/run" or "/var" || IsUnknowable(real) || (real.StartsWith("/run/", StringComparison.Ordinal) && service.Written.RunPaths.All(p => p.Value != real));
    }

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

    // A path that begins with a specifier whose value is not one of the fixed folders may be anything.
    private static bool IsUnknowable(string path) => path.StartsWith('%') && !FixedFolders.Any(s => path.StartsWith(s, StringComparison.Ordinal));
}
