using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Where the processes of some services are. systemd is asked once in which slice each is; after that the kernel's control groups tell, which costs
/// next to nothing.
/// </summary>
internal sealed class ServiceGroups
{
    private readonly List<(string Unit, string Slice)> _units = [];

    /// <summary>Asks systemd.</summary>
    /// <param name="systemctl">The running systemd.</param>
    /// <param name="units">Names of services, templates among them.</param>
    internal ServiceGroups(Systemctl systemctl, IEnumerable<string> units)
    {
        var asked = units.Select(u => (Unit: u, Asked: UnitName.IsTemplateName(u) ? UnitName.WithInstance(u, "x") : u)).ToList();
        var slices = UnitSnapshot.Take(systemctl, asked.Select(u => u.Asked), "Slice");
        foreach (var (unit, name) in asked)
        {
            _units.Add((unit, slices.Of(name, "Slice") is { Length: > 0 } slice ? slice : "system.slice"));
        }
    }

    /// <summary>The processes that there are now.</summary>
    internal IReadOnlyList<(string Unit, int Pid)> Processes() =>
        [.. _units.SelectMany(u => ControlGroup.OfUnit(u.Slice, u.Unit)).SelectMany(g => ControlGroup.Processes(g.Path).Select(pid => (g.Unit, pid)))];
}
