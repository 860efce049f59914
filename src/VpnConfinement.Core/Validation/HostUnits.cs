using VpnConfinement.Compile.Systemd;
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
    private readonly Lazy<Dictionary<string, List<string>>> _users = new(() => UsersOutside(config, facts), LazyThreadSafetyMode.None);

    /// <summary>What the host mounts.</summary>
    internal HostMounts Mounts => _mounts.Value;

    /// <summary>The sockets that hand out descriptors of the host's network, in ordinal order; ours left out.</summary>
    internal IReadOnlyList<HostSocket> Sockets => _sockets.Value;

    /// <summary>The sockets that the configuration confines, by their own names.</summary>
    internal HashSet<string> ConfinedSockets { get; } =
        [.. ServiceRules.NamesToLookUp(config).Where(UnitName.IsSocketName).Select(facts.Aliases.RealName)];

    /// <summary>The services outside every namespace that run as a user.</summary>
    internal IReadOnlyList<string> OutsideWithUser(string user) => _users.Value.GetValueOrDefault(user) ?? [];

    private static List<HostSocket> Feeding(HostFacts facts)
    {
        var sockets = new List<HostSocket>();
        foreach (var (name, fact) in facts.Units.Where(u => UnitName.IsSocketName(u.Key)).OrderBy(u => u.Key, StringComparer.Ordinal))
        {
            if (fact is UnitFact.Present present && present.RealName == name && !IsOurs(present))
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

    // The forwarders that publish ports hand their sockets to a program of ours, never to a confined service.
    private static bool IsOurs(UnitFact.Present socket) => socket.Texts[0].Content.StartsWith(GeneratedUnits.Header, StringComparison.Ordinal);

    private static Dictionary<string, List<string>> UsersOutside(ConfigFile config, HostFacts facts)
    {
        var confined = ServiceRules.NamesToLookUp(config).Select(facts.Aliases.RealName).ToHashSet(StringComparer.Ordinal);
        var users = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, fact) in facts.Units.Where(u => u.Key.EndsWith(".service", StringComparison.Ordinal)).OrderBy(u => u.Key, StringComparer.Ordinal))
        {
            if (fact is UnitFact.Present other && other.RealName == name && !confined.Contains(name) && !confined.Contains(UnitName.TemplateOf(name))
                && SharedUser.Of(name, UnitSettings.Read(other.Texts)) is { } user)
            {
                (users.TryGetValue(user, out var services) ? services : users[user] = []).Add(name);
            }
        }

        return users;
    }
}
