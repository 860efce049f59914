using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC003, VPC005, VPC088 and VPC108: whether a unit is there, under its own name, and can be read.</summary>
/// <param name="RealName">The unit's own name.</param>
/// <param name="Settings">What it says; null for a unit that is not installed yet.</param>
internal sealed record InstalledUnit(string RealName, UnitSettings? Settings)
{
    /// <summary>Looks at the unit; null when it is refused.</summary>
    /// <param name="written">What was written of it.</param>
    /// <param name="unit">The name.</param>
    /// <param name="ns">The namespace that it is confined to, or null where that was refused.</param>
    /// <param name="config">What was written.</param>
    /// <param name="facts">What the host says.</param>
    /// <param name="findings">Takes what is wrong.</param>
    internal static InstalledUnit? Look(UnitConfig written, UnitName unit, NamespaceConfig? ns, ConfigFile config, HostFacts facts, DiagnosticBag findings)
    {
        var name = unit.ToString();
        if (IsOwn(name, config, facts))
        {
            findings.Error(
                "VPC003", written.Path, written.Name.Span, $"{unit} is a unit of this program, which confines others.",
                "Take it out; what a namespace needs runs where it has to.");
            return null;
        }

        if (ns is not null && StateLayout.GateUnit(ns.Name.Value, name).Length > UnitName.MaxLength)
        {
            findings.Error("VPC003", written.Path, written.Name.Span, $"{name} is too long a name: its start gate's would have more than {UnitName.MaxLength} characters.", "Give the namespace or the unit a shorter name.");
            return null;
        }

        switch (facts.Unit(name))
        {
            case UnitFact.Missing when facts.UserUnits.Contains(name) || facts.UserUnits.Contains(UnitName.TemplateOf(name)):
                findings.Error("VPC088", written.Path, written.Name.Span, $"{name} is a unit of the users' own systemd, which no unit of the system confines.", "Install it as a unit of the system, with User=, and confine that.");
                return null;
            case UnitFact.Missing:
                NotYet($"There is no unit {name} yet", Nearest(name, ProfileRules.Of(ns), facts));
                return new InstalledUnit(name, null);
            case UnitFact.Masked:
                NotYet($"{name} is masked, and what it says once it is not was not looked at", $"Run 'systemctl unmask {name}' and check again, or take its table out.");
                return new InstalledUnit(name, null);
            case UnitFact.Unreadable unreadable:
                findings.Error("VPC108", written.Path, written.Name.Span, $"The unit {name} cannot be read: {unreadable.Reason}.", "Make its unit files readable; what they say decides whether it can be confined.");
                return null;
            case UnitFact.Present present:
                if (present.RealName != name)
                {
                    // An alias is a link that "systemctl disable" takes away, and with it the drop-in that hangs on its name.
                    findings.Error("VPC005", written.Path, written.Name.Span, $"{name} is another name of {Visible.Text(present.RealName)}, and an alias can be taken away.", $"Write the unit's own name: [{written.Kind}s.\"{Visible.Text(present.RealName)}\".vpn].");
                }

                return new InstalledUnit(present.RealName, UnitSettings.Read(present.Texts));
            default:
                throw new InvalidOperationException("a unit fact of an unknown kind");
        }

        void NotYet(string what, string remedy)
        {
            if (ProfileRules.Of(ns) == SecurityProfile.HighAssurance)
            {
                findings.Error("VPC108", written.Path, written.Name.Span, what + "; in highAssurance a unit has to be there to be checked.", remedy);
            }
            else
            {
                findings.Warning("VPC108", written.Path, written.Name.Span, what + ".", remedy);
            }
        }
    }

    // One of a tunnel that is no longer configured is known by its text.
    private static bool IsOwn(string name, ConfigFile config, HostFacts facts) =>
        name.StartsWith(StateLayout.OwnPrefix, StringComparison.Ordinal)
        || config.Namespaces.Select(InterfaceRules.NameOf)
            .Any(link => name == StateLayout.WireGuardUnit(link) || name == StateLayout.RefreshUnit(link))
        || (facts.Unit(name) is UnitFact.Present { Texts: [var first, ..] } && OwnHeader.IsIn(first.Content));

    private static string Nearest(string name, SecurityProfile profile, HostFacts facts)
    {
        var suffix = name[name.LastIndexOf('.')..];
        var near = NearestName.Of(name[..^suffix.Length], facts.Installed.Where(i => i.EndsWith(suffix, StringComparison.Ordinal)).Select(i => i[..^suffix.Length]));
        var look = near is null ? "Check the name with 'systemctl list-unit-files'" : $"Did you mean '{near}{suffix}'?";
        return (profile, near) switch
        {
            (SecurityProfile.HighAssurance, null) => $"{look}, or install it first.",
            (SecurityProfile.HighAssurance, _) => $"{look} Else install {name} first.",
            (_, null) => $"{look}; if it is installed later, it is confined from its first start.",
            _ => $"{look} If {name} is installed later, it is confined from its first start.",
        };
    }
}
