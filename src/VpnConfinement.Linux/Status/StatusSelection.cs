using VpnConfinement.Health;

namespace VpnConfinement.Linux.Status;

/// <summary>The part of a status that is about one namespace or unit.</summary>
public static class StatusSelection
{
    /// <summary>
    /// Selects: of a namespace all, of a unit that unit with its namespace, tunnel and resolvers. What is told of the
    /// host stays.
    /// </summary>
    /// <param name="status">All that was seen.</param>
    /// <param name="name">
    /// A namespace, or a unit with or without its suffix; a template stands for its instances.
    /// </param>
    /// <returns>The part; null where nothing of that name was seen.</returns>
    public static HostStatus? Of(HostStatus status, string name)
    {
        var namespaces = status.Namespaces.Where(n => n.Name == name).ToList();
        if (namespaces.Count == 0)
        {
            namespaces =
            [
                .. status.Namespaces.Where(n => Units(n).Any(u => IsNamed(u, name))).Select(n => With(n, name)),
            ];
        }

        return namespaces.Count == 0 ? null : status with
        {
            Namespaces = namespaces,
            Health = HealthEntry.WorstFirst(
                status.Health.Where(h => h.Kind is HealthKind.Host).Concat(namespaces.SelectMany(n => n.Health))),
        };
    }

    /// <summary>All that can be named.</summary>
    public static IEnumerable<string> Names(HostStatus status) =>
        status.Namespaces.Select(n => n.Name).Concat(status.Namespaces.SelectMany(Units));

    private static IEnumerable<string> Units(NamespaceStatus ns) =>
        ns.Services.Select(s => s.Unit).Concat(ns.Sockets.Concat(ns.Published).Select(s => s.Unit));

    private static NamespaceStatus With(NamespaceStatus ns, string name) => ns with
    {
        Services = [.. ns.Services.Where(s => IsNamed(s.Unit, name))],
        Sockets = [.. ns.Sockets.Where(s => IsNamed(s.Unit, name))],
        Published = [.. ns.Published.Where(s => IsNamed(s.Unit, name))],
        Health =
        [
            .. ns.Health.Where(h => h.Kind is HealthKind.Namespace or HealthKind.Tunnel or HealthKind.Resolver
                || IsNamed(h.Name, name)),
        ],
    };

    private static bool IsNamed(string unit, string name)
    {
        foreach (var whole in (string[])[name, name + ".service", name + ".socket"])
        {
            if (unit == whole || (Model.UnitName.IsTemplateName(whole) && Model.UnitName.TemplateOf(unit) == whole))
            {
                return true;
            }
        }

        return false;
    }
}
