using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC010 and VPC011: names of namespaces, and the default.</summary>
internal static class NamespaceRules
{
    internal const string NameRule = "Use 1 to 64 of A-Z a-z 0-9 _ . -, the first and the last a letter or digit; 'init' is reserved.";

    internal static void CheckNames(ConfigFile config, DiagnosticBag findings)
    {
        foreach (var ns in config.Namespaces.Where(n => !NamespaceName.TryParse(n.Name.Value, out _)))
        {
            findings.Error("VPC010", ns.Path, ns.Name.Span, $"'{Visible.Text(ns.Name.Value)}' cannot be the name of a namespace.", NameRule);
        }

        if (config.DefaultNamespace is not { } standard)
        {
            return;
        }

        if (!NamespaceName.TryParse(standard.Value, out _))
        {
            findings.Error("VPC011", "defaultNamespace", standard.Span, $"'{Visible.Text(standard.Value)}' cannot be the name of a namespace.", NameRule);
        }
        else if (config.Namespaces.All(n => n.Name.Value != standard.Value))
        {
            var near = NearestName.Of(standard.Value, config.Namespaces.Select(n => n.Name.Value));
            findings.Error("VPC011", "defaultNamespace", standard.Span, $"There is no namespace '{standard.Value}'.", near is null ? $"Define [namespaces.{standard.Value}]." : $"Did you mean '{near}'?");
        }
    }
}
