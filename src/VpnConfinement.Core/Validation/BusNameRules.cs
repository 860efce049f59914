using VpnConfinement.Config;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC098: a service that is up only once it has a name on the system's bus, which strict DNS hides: its start would
/// hang until systemd gives up.
/// </summary>
internal static class BusNameRules
{
    internal static void Check(ServiceUnit service)
    {
        var name = service.Settings.Last("Service", "BusName");
        // systemd.service(5): Type= is dbus where BusName= is set and Type= is not.
        if ((service.Settings.Last("Service", "Type") ?? (name is null ? "simple" : "dbus")) != "dbus" || HasBus(service.Namespace))
        {
            return;
        }

        var wanted = name is null ? "a name" : Visible.Text(name);
        var table = service.Namespace is { } ns ? ns.InToml : "namespaces.NAME";
        service.Error(
            "VPC098",
            $"{service.Unit} is started once it has {wanted} on the system's bus (Type=dbus), and strict DNS hides the bus.",
            $"If it runs without the bus, write Type=exec under [Service] with 'systemctl edit {service.Unit}'; "
            + $"else write dns.allowHostResolverIPC = true under [{table}]: it then asks the host's resolvers as well.");
    }

    private static bool HasBus(NamespaceConfig? ns) =>
        ns is not null && (ns.DnsMode?.Value == DnsMode.Compat || ns.AllowHostResolverIpc?.Value == true);
}
