using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Verify;

/// <summary>What one run is about.</summary>
/// <param name="Namespaces">The namespaces.</param>
/// <param name="Services">Their services, or the one that was named.</param>
/// <param name="Named">Name of that service; null where all are looked at.</param>
internal sealed record VerifyScope(
    IReadOnlyList<ManifestNamespace> Namespaces, IReadOnlyList<VerifiedService> Services, string? Named)
{
    /// <summary>Finds what a name means: a namespace or a confined service; null is everything.</summary>
    /// <exception cref="UnknownName">Nothing of that name is applied.</exception>
    internal static VerifyScope Find(Systemctl systemctl, string? name)
    {
        var applied = ManifestStore.LoadKnown().Namespaces;
        var all = applied.SelectMany(ns => ns.Units.Where(u => !u.IsSocket).SelectMany(u => Instances(systemctl, u.Name)
            .Select(unit => (Namespace: ns, Unit: unit, Definition: u.Name)))).ToList();
        var spaces = name is null ? applied : [.. applied.Where(n => n.Name == name)];
        string? named = null;
        if (spaces.Count == 0 && name is not null)
        {
            var full = name.EndsWith(".service", StringComparison.Ordinal) ? name : name + ".service";
            all = [.. all.Where(s => s.Unit == full || s.Definition == full)];
            spaces = [.. all.Select(s => s.Namespace).Distinct()];
            named = full;
        }

        if (spaces.Count == 0 && name is not null)
        {
            throw new UnknownName(
                $"no namespace and no confined service '{Visible.Text(name)}' is applied", name,
                applied.SelectMany(n => n.Units.Where(u => !u.IsSocket).Select(u => u.Name).Append(n.Name)),
                "'vpn-confinement status' lists them");
        }

        var services = all.Where(s => spaces.Contains(s.Namespace)).ToList();
        var units = UnitSnapshot.Take(systemctl, services.Select(s => s.Unit), "ControlGroup", "NFileDescriptorStore");
        return new VerifyScope(
            spaces,
            [
                .. services.Select(s => new VerifiedService(
                    s.Namespace.Name,
                    s.Unit,
                    s.Definition,
                    units.Of(s.Unit, "ControlGroup") ?? "",
                    units.Of(s.Unit, "NFileDescriptorStore"))),
            ],
            named);
    }

    private static IEnumerable<string> Instances(Systemctl systemctl, string unit) =>
        UnitName.IsTemplateName(unit) ? systemctl.Instances(unit) : [unit];
}
