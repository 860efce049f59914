using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC125: a unit whose files lie on a network file system, whose traffic is the host's.</summary>
internal static class NetworkFileRules
{
    internal static void Check(ServiceUnit service, HostMounts mounts)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in service.Needed)
        {
            // The deepest mount is the one that it lies on.
            var mount = mounts.Network.LastOrDefault(m => HostPath.IsIn(path.Path, m.Path));
            var automount = mounts.Automounts.LastOrDefault(a => HostPath.IsIn(path.Path, a.Path));
            if (mount is not null && named.Add(mount.Path))
            {
                Name(service, path, mount.Path, mount.What, mount.Origin);
            }
            else if (automount is not null && named.Add(automount.Path))
            {
                Name(service, path, automount.Path, "mounted when it is opened", automount.Origin);
            }
        }

        foreach (var (file, reason) in mounts.Unknown)
        {
            service.Warning(
                "VPC125",
                $"{file} cannot be read ({reason}): what of {service.Unit} lies on a network file system is not known.",
                "Make it readable for 'check', and run that again.");
        }
    }

    private static void Name(ServiceUnit service, UnitPath path, string where, string what, string origin) =>
        service.Warning(
            "VPC125",
            $"{service.Unit} has {Visible.Text(path.Setting)}, on {Visible.Text(where)} ({Visible.Text(what)}; "
            + $"{Visible.Text(origin)}): the host sends what it reads and writes there, outside the tunnel.",
            "Keep these files on a disk of this host if that may not be.");
}
