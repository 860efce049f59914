using VpnConfinement.Config;
using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC086 and VPC113: a user that a confined service shares with a service of the host, by whose /proc/PID/root it sees the host's /run.</summary>
public static class SharedUser
{
    // More names than this say nothing more.
    private const int MostNamed = 3;

    /// <summary>Whether the host's other services have to be looked at, because one of these has a user of its own in the host's user database.</summary>
    public static bool Matters(IEnumerable<UnitFact> services) => services.OfType<UnitFact.Present>().Any(s => UserOf(s.RealName, UnitSettings.Read(s.Texts)) is not null);

    internal static void Check(ServiceUnit service, ConfigFile config, HostFacts facts)
    {
        if (UserOf(service.RealName, service.Settings) is not { } user)
        {
            return;
        }

        var confined = config.Services.Where(s => s.Enable).Select(s => UnitName.TryParseService(s.Name.Value, out var unit) ? facts.Aliases.RealName(unit.ToString()) : null).OfType<string>().ToList();
        var others = new List<string>();
        foreach (var (name, fact) in facts.Units.OrderBy(u => u.Key, StringComparer.Ordinal))
        {
            if (fact is UnitFact.Present other && other.RealName == name && name.EndsWith(".service", StringComparison.Ordinal)
                && !confined.Any(c => c == name || c == UnitName.TemplateOf(name)) && UserOf(name, UnitSettings.Read(other.Texts)) == user)
            {
                others.Add(name);
            }
        }

        if (others.Count > 0)
        {
            var shown = string.Join(", ", others.Take(MostNamed)) + (others.Count > MostNamed ? " and others" : "");
            service.Weak(
                "VPC086", "VPC113", $"{service.Unit} runs as {Visible.Text(user)}, as {shown} outside the namespace; by /proc it reaches what those see.",
                $"Give it a user of its own, or DynamicUser=yes, with 'systemctl edit {service.Unit}'.");
        }
    }

    // Of two instances of a template, neither knows the other's user.
    private static string? UserOf(string unit, UnitSettings settings) =>
        settings.Last("Service", "User") is { } written && UnitSpecifiers.Expand(written, unit) is { Length: > 0 } user && user is not "root" && !user.All(c => c == '0') && !settings.IsOn("Service", "DynamicUser")
            ? user
            : null;
}
