using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC003, VPC005, VPC064, VPC080 to VPC082 and VPC108: which services are confined, and to what.</summary>
internal static class ServiceRules
{
    /// <summary>The services by the namespace that they name.</summary>
    internal static IReadOnlyDictionary<string, List<ConfinedService>> Check(ConfigFile config, HostFacts facts, DiagnosticBag findings)
    {
        var byNamespace = new Dictionary<string, List<ConfinedService>>(StringComparer.Ordinal);
        var names = new Dictionary<string, ServiceConfig>(StringComparer.Ordinal);
        var namespaces = config.Namespaces.ToDictionary(n => n.Name.Value, StringComparer.Ordinal);
        foreach (var service in config.Services.Where(s => s.Enable))
        {
            if (!UnitName.TryParseService(service.Name.Value, out var unit))
            {
                findings.Error("VPC003", service.Path, service.Name.Span, $"'{Visible.Text(service.Name.Value)}' is not the name of a service.", "Write the unit's name, with or without .service.");
                continue;
            }

            var ns = Namespace(service, config.DefaultNamespace, namespaces, findings);
            var confined = Service(service, unit, facts, names, findings);
            if (ns is not null && confined is not null)
            {
                byNamespace.TryAdd(ns, []);
                byNamespace[ns].Add(confined);
            }
        }

        CheckTemplates(names, findings);
        foreach (var services in byNamespace.Values)
        {
            services.Sort((a, b) => string.CompareOrdinal(a.Unit.ToString(), b.Unit.ToString()));
        }

        return byNamespace;
    }

    private static string? Namespace(ServiceConfig service, Located<string>? standard, Dictionary<string, NamespaceConfig> namespaces, DiagnosticBag findings)
    {
        var path = service.Path + ".namespace";
        if ((service.Namespace ?? standard) is not { } name)
        {
            findings.Error("VPC080", path, service.Name.Span, $"The service {service.Name.Value} names no namespace, and there is no default.", $"Write {path} = \"NAME\", or defaultNamespace = \"NAME\" at the top.");
            return null;
        }

        if (!namespaces.TryGetValue(name.Value, out var ns))
        {
            var near = NearestName.Of(name.Value, namespaces.Keys);
            findings.Error("VPC081", path, name.Span, $"The service {service.Name.Value} names a namespace that is not there: '{Visible.Text(name.Value)}'.", near is null ? $"Define [namespaces.{Visible.Text(name.Value)}]." : $"Did you mean '{near}'?");
            return null;
        }

        if (!ns.Enable)
        {
            findings.Error("VPC082", path, name.Span, $"The service {service.Name.Value} names the namespace {name.Value}, which is disabled.", $"Enable [namespaces.{name.Value}], or write {service.Path}.enable = false.");
            return null;
        }

        return ns.Name.Value;
    }

    private static ConfinedService? Service(ServiceConfig service, UnitName unit, HostFacts facts, Dictionary<string, ServiceConfig> names, DiagnosticBag findings)
    {
        var settings = UnitSettings.Read([]);
        switch (facts.Unit(unit.ToString()))
        {
            case UnitFact.Missing:
                findings.Warning("VPC108", service.Path, service.Name.Span, $"There is no unit {unit} yet.", "Check the name with 'systemctl list-unit-files'; if the service is installed later, it is confined from its first start.");
                Claim(unit.ToString(), service, names, findings);
                break;
            case UnitFact.Unreadable unreadable:
                findings.Error("VPC108", service.Path, service.Name.Span, $"The unit {unit} cannot be read: {unreadable.Reason}.", "Make its unit files readable; what they say decides whether it can be confined.");
                return null;
            case UnitFact.Present present:
                settings = UnitSettings.Read(present.Texts);
                CheckAlias(service, unit, present.RealName, findings);
                Claim(present.RealName, service, names, findings);
                ServiceUnitRules.Check(service, unit, settings, facts, findings);
                break;
            default:
                throw new InvalidOperationException("a unit fact of an unknown kind");
        }

        CheckFamilies(service, findings);
        CheckRunPaths(service, findings);
        return new ConfinedService
        {
            Unit = unit,
            Hardening = service.Hardening?.Value ?? HardeningProfile.Baseline,
            ExtraAddressFamilies = [.. service.ExtraAddressFamilies.Select(f => f.Value)],
            RunPaths = [.. service.RunPaths.Select(p => p.Value)],
            AllowJit = service.AllowJit,
            RestrictBind = service.RestrictBind?.Value ?? false,
            Capabilities = [.. service.Capabilities.Select(c => c.Value).Distinct().Order(StringComparer.Ordinal)],
            OnTunnelLoss = service.OnTunnelLoss,
            OwnSettings = settings.Mentioned("Service"),
            AmbientCapabilities = [.. settings.Words("Service", "AmbientCapabilities")],
            RuntimeDirectories = [.. settings.Words("Service", "RuntimeDirectory").Select(d => d.Split(':')[0]).Distinct()],
        };
    }

    // An alias is a link that "systemctl disable" takes away, and with it the drop-in that hangs on its name.
    private static void CheckAlias(ServiceConfig service, UnitName unit, string realName, DiagnosticBag findings)
    {
        if (realName != unit.ToString())
        {
            findings.Error("VPC005", service.Path, service.Name.Span, $"{unit} is another name of {Visible.Text(realName)}, and an alias can be taken away.", $"Write the unit's own name: [services.\"{Visible.Text(realName)}\".vpn].");
        }
    }

    private static void Claim(string realName, ServiceConfig service, Dictionary<string, ServiceConfig> names, DiagnosticBag findings)
    {
        if (!names.TryAdd(realName, service))
        {
            findings.Error("VPC005", service.Path, service.Name.Span, $"{realName} is named twice: as '{names[realName].Name.Value}' and as '{service.Name.Value}'.", "Keep one of the two.");
        }
    }

    private static void CheckTemplates(Dictionary<string, ServiceConfig> names, DiagnosticBag findings)
    {
        foreach (var (name, service) in names)
        {
            if (UnitName.TryParseService(name, out var unit) && unit.Template is { } template && names.TryGetValue(template, out var other))
            {
                findings.Error("VPC005", service.Path, service.Name.Span, $"{name} is an instance of '{other.Name.Value}', which is named as well.", "Name the template, or instances one by one, not both.");
            }
        }
    }

    private static void CheckFamilies(ServiceConfig service, DiagnosticBag findings)
    {
        foreach (var family in service.ExtraAddressFamilies)
        {
            if (!family.Value.StartsWith("AF_", StringComparison.Ordinal) || family.Value.Length > 32 || !family.Value.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
            {
                findings.Error("VPC003", service.Path + ".extraAddressFamilies", family.Span, $"'{Visible.Text(family.Value)}' is not an address family.", "Write a name of address_families(7), as AF_BLUETOOTH.");
            }
        }
    }

    private static void CheckRunPaths(ServiceConfig service, DiagnosticBag findings)
    {
        foreach (var path in service.RunPaths)
        {
            if (!AbsolutePath.IsValid(path.Value) || !path.Value.StartsWith("/run/", StringComparison.Ordinal) || path.Value.Contains(':', StringComparison.Ordinal))
            {
                findings.Error("VPC064", service.Path + ".runPaths", path.Span, $"'{Visible.Text(path.Value)}' is not a path below /run.", "Write such a path, as /run/postgresql.");
            }
            else if (HostSockets.Kept.FirstOrDefault(k => path.Value == k || path.Value.StartsWith(k + "/", StringComparison.Ordinal)) is { } kept)
            {
                findings.Error("VPC064", service.Path + ".runPaths", path.Span, $"{Visible.Text(path.Value)} would bring back {kept}, by which a service gets out of its namespace or asks a resolver of the host.", "Take it out.");
            }
        }
    }
}
