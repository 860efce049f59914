using VpnConfinement.Config;
using VpnConfinement.Config.WgQuick;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC012, VPC013, VPC016 and VPC040: which interface a namespace has, and that no two share one.</summary>
internal static class InterfaceRules
{
    internal const string DefaultName = "wg0";
    private const string NameRule = "Use 1 to 15 of A-Z a-z 0-9 _ . -, the first and the last a letter or digit.";

    internal static string NameOf(NamespaceConfig ns) => ns.Interface?.Value ?? DefaultName;

    /// <summary>Names over all enabled namespaces.</summary>
    internal static void CheckUse(ConfigFile config, DiagnosticBag findings)
    {
        foreach (var own in config.Interfaces)
        {
            CheckName(own.Name, "wireguard.interfaces." + own.Name.Value, findings);
        }

        var first = new Dictionary<string, NamespaceConfig>(StringComparer.Ordinal);
        foreach (var ns in config.Namespaces.Where(n => n.Enable))
        {
            if (ns.Interface is { } written)
            {
                CheckName(written, ns.Path + ".wireguard.interface", findings);
            }

            var name = NameOf(ns);
            if (first.TryAdd(name, ns))
            {
                continue;
            }

            var span = ns.Interface?.Span ?? ns.Name.Span;
            var remedy = $"Write another name here, as {ns.Path}.wireguard.interface = \"wg1\".";
            if (ns.Interface is null && first[name].Interface is null)
            {
                findings.Error("VPC016", ns.Path + ".wireguard.interface", span, $"The namespaces {first[name].Name.Value} and {ns.Name.Value} both fall back to the interface name {DefaultName}.", remedy);
            }

            findings.Error("VPC013", ns.Path + ".wireguard.interface", span, $"The interface name {Visible.Text(name)} is used by the namespaces {first[name].Name.Value} and {ns.Name.Value}.", remedy);
        }
    }

    /// <summary>What was written about the interface of a namespace, or null with a finding.</summary>
    internal static WrittenInterface? Resolve(NamespaceConfig ns, ConfigFile config, WgQuickFile? file, DiagnosticBag findings)
    {
        var name = NameOf(ns);
        var table = config.Interfaces.FirstOrDefault(i => i.Name.Value == name);
        if (ns.ConfigFile is { } configFile && table is not null)
        {
            findings.Error(
                "VPC016", ns.Path + ".wireguard.configFile", configFile.Span, $"Both {configFile.Value} and [wireguard.interfaces.{name}] define the interface {name}.",
                "Keep one of the two.");
            return null;
        }

        if (!InterfaceName.TryParse(name, out var parsed))
        {
            return null;
        }

        if (ns.ConfigFile is not null)
        {
            return file is null ? null : new WrittenInterface(parsed, file.Interface, ns.Path + ".wireguard.configFile", FromFile: true);
        }

        if (table is not null)
        {
            return new WrittenInterface(parsed, table, "wireguard.interfaces." + name, FromFile: false);
        }

        findings.Error(
            "VPC040", ns.Path + ".wireguard", ns.Interface?.Span ?? ns.Name.Span, $"The WireGuard interface {name} of namespace {Visible.Text(ns.Name.Value)} is not defined.",
            $"Write {ns.Path}.wireguard.configFile = \"/etc/wireguard/FILE.conf\", or define [wireguard.interfaces.{name}].");
        return null;
    }

    private static void CheckName(Located<string> name, string path, DiagnosticBag findings)
    {
        if (!InterfaceName.TryParse(name.Value, out _))
        {
            findings.Error("VPC012", path, name.Span, $"'{Visible.Text(name.Value)}' cannot be the name of a network interface.", NameRule);
        }
    }
}
