using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC078, VPC079, VPC083 to VPC085, VPC100, VPC106, VPC119 and VPC127: what a service's own unit says about its network, its user and its sockets.</summary>
internal static class ServiceUnitRules
{
    internal static void Check(ServiceUnit service, HostUnits host, HostFacts facts)
    {
        CheckAttachment(service);
        CheckNames(service);
        UmbrellaRules.Check(service, facts);
        BusNameRules.Check(service);
        RunBindRules.Check(service);
        RunFolderRules.Check(service);
        WrittenFolderRules.Check(service, facts);
        DeviceRules.Check(service, facts.Users);
        PrivilegeRules.Check(service, facts.Users);
        ServiceCommandRules.Check(service, facts.JitPrograms);
        CheckRoot(service, facts.Users);
        CheckSockets(service, host, facts);
        IsolationRules.Check(service, host, facts);
    }

    /// <summary>Whether its main process runs as a user that is surely not root.</summary>
    internal static bool HasOwnUser(ServiceUnit service, HostUsers users) => UserReason(service, users) is null;

    private static void CheckAttachment(ServiceUnit service)
    {
        var (unit, settings) = (service.Unit, service.Settings);
        if (settings.Last("Service", "NetworkNamespacePath") is { } path)
        {
            service.Error("VPC083", $"{unit} sets NetworkNamespacePath={Visible.Text(path)} itself.", $"Write NetworkNamespacePath= with nothing after it under [Service] with 'systemctl edit {unit}'; the namespace is attached here.");
        }

        if (settings.IsOn("Service", "PrivateNetwork"))
        {
            service.Error("VPC084", $"{unit} sets PrivateNetwork itself.", $"Write PrivateNetwork=no under [Service] with 'systemctl edit {unit}'; the namespace is attached here.");
        }

        if (DelegatedNamespaces.WithNetwork(settings, "Service") is { } delegated)
        {
            service.Error("VPC084", DelegatedNamespaces.Said(unit, delegated), DelegatedNamespaces.Remedy(unit, "Service"));
        }

        if (settings.UnitList("Unit", "JoinsNamespaceOf").LastOrDefault() is { } joined)
        {
            service.Error("VPC085", $"{unit} sets JoinsNamespaceOf={Visible.Text(joined)}.", $"Take the line out with 'systemctl edit --full {unit}' (a drop-in cannot clear it); it would share another unit's namespaces.");
        }
    }

    private static void CheckNames(ServiceUnit service)
    {
        foreach (var (message, remedy) in UnknownSettings.Of(service.Unit, "Service", service.Settings))
        {
            service.Weak("VPC119", "VPC119", message, remedy);
        }

        foreach (var (message, remedy) in LinkNames.Of(service.Unit, "Service", service.Settings))
        {
            service.Warning("VPC127", message, remedy);
        }
    }

    private static void CheckRoot(ServiceUnit service, HostUsers users)
    {
        if (RootReason(service, users) is not { } reason)
        {
            return;
        }

        const string Remedy = "Set a User= other than root, or DynamicUser=yes, with 'systemctl edit";
        if (service.HighAssurance && !service.Written.AllowRootInHighAssurance)
        {
            service.Error("VPC078", $"{service.Unit} {reason}; in highAssurance a service has a user of its own.", $"{Remedy} {service.Unit}', or write allowRootInHighAssurance = true under [{service.Written.InToml}].");
        }
        else
        {
            service.Warning(
                "VPC100", $"{service.Unit} {reason}, and root in a service is not contained by a network namespace.",
                $"{Remedy} {service.Unit}', unless its program changes its user itself.");
        }
    }

    private static string? RootReason(ServiceUnit service, HostUsers users) => UserReason(service, users) ?? Elevated(service.Settings);

    private static string? UserReason(ServiceUnit service, HostUsers users)
    {
        if (service.Settings.Last("Service", "User") is not { } written)
        {
            return service.Settings.IsOn("Service", "DynamicUser") ? null : "runs as root";
        }

        // Of a template's instance nothing is known; a user of that name is used even with DynamicUser=yes.
        var user = UnitSpecifiers.Expand(written, service.RealName);
        return user switch
        {
            null or "" => $"may run as root: User={Visible.Text(written)} cannot be told from its unit",
            _ when users.Number(user) == 0 => "runs as root",
            _ when written.Contains("%i", StringComparison.OrdinalIgnoreCase) && UnitName.IsTemplateName(service.RealName) => $"may run as root: User={Visible.Text(written)} cannot be told from its unit",
            _ => null,
        };
    }

    private static string? Elevated(UnitSettings settings) =>
        UnitCommand.Keys.FirstOrDefault(k => UnitCommand.All(settings, k).Any(c => c.Prefixes.RunsAsRoot)) is { } key
            ? $"runs a command as root ({key} with '!')"
            : null;

    private static void CheckSockets(ServiceUnit service, HostUnits host, HostFacts facts)
    {
        foreach (var (socket, doubt) in SocketsOf(service, host, facts).Where(s => !IsConfined(s.Socket, service, host.ConfinedSockets)))
        {
            service.Weak(
                "VPC079", "VPC106", $"{socket} hands sockets of the host to {service.Unit}{doubt}; through one of those it can send outside the tunnel.",
                $"Confine it as well with [sockets.\"{socket[..socket.LastIndexOf('.')]}\".vpn] in the same namespace, or disable it with 'systemctl disable --now {socket}' and publish the port.");
        }
    }

    // By its own name, by its template's, or, a template that feeds one instance, by that instance's.
    private static bool IsConfined(string socket, ServiceUnit service, HashSet<string> confined) =>
        confined.Contains(socket)
        || confined.Contains(UnitName.TemplateOf(socket))
        || (UnitName.IsTemplateName(socket) && UnitName.InstanceOf(service.RealName) is { Length: > 0 } instance && confined.Contains(UnitName.WithInstance(socket, instance)));

    private static IEnumerable<(string Socket, string Doubt)> SocketsOf(ServiceUnit service, HostUnits host, HostFacts facts)
    {
        // Those that the service names itself, whatever they say; a name that cannot be told may be any.
        var named = service.Settings.UnitList("Service", "Sockets").Select(s => (Written: s, Name: UnitSpecifiers.Expand(s, service.RealName))).ToList();
        foreach (var (written, name) in named.Where(n => n.Name is null || facts.Unit(n.Name) is not UnitFact.Present))
        {
            yield return (written, "");
        }

        var names = named.Select(n => n.Name is null ? null : facts.Aliases.RealName(n.Name)).ToList();
        foreach (var socket in host.Sockets)
        {
            if (socket.Starts is null || SocketUnits.Covers(socket.Starts, service.RealName) || names.Contains(socket.Name))
            {
                yield return (socket.Name, socket.Starts is null ? ", as far as can be told from its Service=" : socket.Doubt);
            }
        }
    }
}
