using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC080 to VPC082 and VPC090 to VPC092: the namespace that a service or a socket names, or the default one.</summary>
/// <param name="config">What was written.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class NamespaceChoice(ConfigFile config, DiagnosticBag findings)
{
    private readonly Dictionary<string, NamespaceConfig> _namespaces = config.Namespaces.ToDictionary(n => n.Name.Value, StringComparer.Ordinal);

    /// <summary>The namespace, or null where there is none.</summary>
    /// <param name="unit">The unit as written.</param>
    /// <param name="codes">The codes for: none, unknown, disabled.</param>
    internal NamespaceConfig? Of(UnitConfig unit, (string None, string Unknown, string Disabled) codes)
    {
        var path = unit.Path + ".namespace";
        var inToml = $"{unit.Kind}s.{TomlKey.Of(Visible.Text(unit.Name.Value))}.vpn";
        var shown = $"The {unit.Kind} {Visible.Text(unit.Name.Value)}";
        if ((unit.Namespace ?? config.DefaultNamespace) is not { } name)
        {
            var only = _namespaces.Count == 1 ? Visible.Text(_namespaces.Keys.Single()) : "NAME";
            findings.Error(
                codes.None, path, unit.Name.Span, $"{shown} names no namespace, and there is no default.",
                $"Write namespace = \"{only}\" under [{inToml}], or defaultNamespace = \"{only}\" at the top.");
            return null;
        }

        if (!_namespaces.TryGetValue(name.Value, out var ns))
        {
            var near = NearestName.Of(name.Value, _namespaces.Keys);
            findings.Error(codes.Unknown, path, name.Span, $"{shown} names a namespace that is not there: '{Visible.Text(name.Value)}'.", near is null ? $"Define [namespaces.{Visible.Text(name.Value)}]." : $"Did you mean '{near}'?");
            return null;
        }

        if (!ns.Enable)
        {
            findings.Error(codes.Disabled, path, name.Span, $"{shown} names the namespace {name.Value}, which is disabled.", $"Enable [namespaces.{name.Value}], or write enable = false under [{inToml}].");
            return null;
        }

        return ns;
    }
}
