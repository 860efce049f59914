using VpnConfinement.Config;
using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>What is asked of the host's other units for every confined service, found once.</summary>
/// <param name="config">What was written.</param>
/// <param name="facts">What the host says.</param>
internal sealed class HostUnits(ConfigFile config, HostFacts facts)
{
    private readonly Lazy<IReadOnlyList<HostSocket>> _sockets = new(() => Feeding(facts), LazyThreadSafetyMode.None);
    private readonly Lazy<HostMounts> _mounts = new(() => new HostMounts(facts), LazyThreadSafetyMode.None);
    private readonly Lazy<ILookup<string, (string Service, string? Namespace)>> _users =
        new(() => Users(config, facts), LazyThreadSafetyMode.None);

    /// <summary>What the host mounts.</summary>
    internal HostMounts Mounts => _mounts.Value;

    /// <summary>The sockets that hand out descriptors of the host's network, in ordinal order; ours left out.</summary>
    internal IReadOnlyList<HostSocket> Sockets => _sockets.Value;

    /// <summary>The sockets that the configuration confines, by their own names.</summary>
    internal HashSet<string> ConfinedSockets { get; } =
        [.. ServiceRules.NamesToLookUp(config).Where(UnitName.IsSocketName).Select(facts.Aliases.RealName)];

    /// <summary>
    /// The services outside a namespace that run as a user, in ordinal order; one in another namespace is outside too.
    /// </summary>
    /// <param name="user">What <see cref="HostUsers.Key"/> says.</param>
    /// <param name="ns">The namespace.</param>
    internal IEnumerable<string> OutsideWithUser(string user, string? ns) =>
        _users.Value[user].Where(u => u.Namespace is null || u.Namespace != ns).Select(u => u.Service);

    // Ours, the forwarders that publish ports, hand their sockets to a program of ours, never to a confined service.
    private static List<HostSocket> Feeding(HostFacts facts)
    {
        var sockets = new List<HostSocket>();
        foreach (var (name, fact) in facts.Units.Where(u => UnitName.IsSocketName(u.Key)).OrderBy(u => u.Key, StringComparer.Ordinal))
        {
            if (fact is UnitFact.Present present && present.RealName == name && !OwnHeader.IsIn(present.Texts[0].Content))
            {
                var settings = UnitSettings.Read(present.Texts);
                if (SocketUnits.IsOfNetwork(settings))
                {
                    sockets.Add(new HostSocket(name, SocketUnits.Starts(name, settings, facts.Aliases), ""));
                }
            }
            else if (fact is UnitFact.Unreadable)
            {
                sockets.Add(new HostSocket(name, facts.Aliases.RealName(name[..^".socket".Length] + ".service"), ", as far as can be told: it cannot be read"));
            }
        }

        return sockets;
    }

    private static ILookup<string, (string Service, string? Namespace)> Users(ConfigFile config, HostFacts facts)
    {
        var places = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var service in config.Services.Where(s => s.Enable))
        {
            if (service.Unit is { } unit)
            {
                places[facts.Aliases.RealName(unit.ToString())] = (service.Namespace ?? config.DefaultNamespace)?.Value;
            }
        }

        var users = from unit in facts.Units.OrderBy(u => u.Key, StringComparer.Ordinal)
                    where unit.Key.EndsWith(".service", StringComparison.Ordinal)
                    let present = unit.Value as UnitFact.Present
                    where present is not null && present.RealName == unit.Key
                    let user = SharedUser.Of(unit.Key, UnitSettings.Read(present.Texts), facts.Users)
                    where user is not null
                    select (Service: unit.Key, User: facts.Users.Key(user));
        return users.ToLookup(u => u.User, u => (u.Service, Place(u.Service)), StringComparer.Ordinal);

        string? Place(string service) =>
            places.GetValueOrDefault(service) ?? places.GetValueOrDefault(UnitName.TemplateOf(service));
    }
}
