using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC067: <c>writePaths</c> that would let a service change what runs outside its namespace. Where such a path leads is
/// looked at as well, through symbolic links of the host.
/// </summary>
internal static class WritePathRules
{
    // Of /etc a service may write a folder of its own name alone (IsOwn), and never what systemd itself reads.
    private static readonly string[] Foreign =
    [
        "/bin", "/boot", "/dev", "/efi", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/proc", "/root", "/run",
        "/sbin", "/sys", "/usr", "/var/lib/dpkg", "/var/lib/machines", "/var/lib/pacman", "/var/lib/portables", "/var/lib/rpm",
        "/var/lib/snapd", "/var/lib/systemd", "/var/run", "/var/spool/anacron", "/var/spool/at", "/var/spool/cron",
    ];

    private static readonly string[] OurOwn = [OwnFolder.Configuration, OwnFolder.Run, OwnFolder.State];

    internal static void Check(ServiceUnit service, HostFacts facts)
    {
        var option = service.Written.Path + ".writePaths";
        foreach (var written in service.Written.WritePaths)
        {
            if (!AbsolutePath.Check(written, option, service.Findings))
            {
                continue;
            }

            var real = facts.RealPaths.GetValueOrDefault(written.Value);
            var leads = real is null || real == written.Value ? "" : $", which leads to {Visible.Text(real)},";
            var reason = real is null ? "leads to nothing that could be looked at" : WhyNot(real, service, facts);
            if (reason is not null)
            {
                service.Findings.Error(
                    "VPC067", option, written.Span, $"{Visible.Text(written.Value)}{leads} {reason}.",
                    "Name the folder that the service writes, as /srv/media.");
            }
            else if (WrittenFolderRules.HomeOf(service, facts.Users) is { } home && HostPath.IsIn(home, real!))
            {
                service.Weak(
                    "VPC086", "VPC113", option, written.Span,
                    $"{service.Unit} may write all of {Visible.Text(home)}, also what its user's logins run (.bashrc, .config, .ssh).",
                    "Name the folders in it that the service writes, or give it a user that nobody logs in as.");
            }
        }
    }

    // Above such a folder is as good as in it.
    private static string? WhyNot(string path, ServiceUnit service, HostFacts facts)
    {
        if (Array.Find(OurOwn, Meets) is not null)
        {
            return "holds what vpn-confinement itself goes by";
        }

        if (EngineFolder.Known.FirstOrDefault(e => Meets(e.Path)) is { } engine)
        {
            return $"holds what {engine.Daemon} runs outside the tunnel";
        }

        if (Array.Find(Foreign, Meets) is { } folder && !(folder == "/etc" && IsOwn(path, service)))
        {
            return $"holds what programs outside the tunnel run or read ({folder})";
        }

        return facts.Users.Homes.Append("/home/").FirstOrDefault(h => IsHomeOfAnother(h, path, service, facts)) is { } other
            ? $"holds the home of another user ({Visible.Text(other.TrimEnd('/'))})"
            : null;

        bool Meets(string other) => HostPath.IsIn(path, other) || HostPath.IsIn(other, path);
    }

    private static bool IsHomeOfAnother(string home, string path, ServiceUnit service, HostFacts facts)
    {
        // A folder that several users have as their home, as / or /nonexistent, is nobody's.
        var own = WrittenFolderRules.HomeOf(service, facts.Users);
        return home == "/home/" ? path == "/home"
            : home != own && HostPath.IsBelow(home, "/home") && (HostPath.IsIn(path, home) || HostPath.IsBelow(home, path));
    }

    // As Debian's /etc/transmission-daemon, which the daemon writes.
    private static bool IsOwn(string path, ServiceUnit service) =>
        path.Split('/') is ["", "etc", not "systemd" and var name, ..] && OwnNames.Of(service).Contains(name, StringComparer.Ordinal);
}
