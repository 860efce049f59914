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
    private const string InterfaceOption = "wireguard.interface";
    private const string NameRule = "Use 1 to 15 of A-Z a-z 0-9 _ . -, the first and the last a letter or digit.";

    internal static string NameOf(NamespaceConfig ns) => ns.Interface?.Value ?? DefaultName;

    /// <summary>Names over all enabled namespaces, in whatever role: tunnels first, then the ends of host links.</summary>
    internal static void CheckUse(ConfigFile config, DiagnosticBag findings)
    {
        foreach (var own in config.Interfaces)
        {
            CheckName(own.Name, "wireguard.interfaces." + own.Name.Value, findings);
        }

        var enabled = config.Namespaces.Where(n => n.Enable).ToList();
        foreach (var ns in enabled.Where(n => n.Interface is not null))
        {
            CheckName(ns.Interface!, $"{ns.Path}.{InterfaceOption}", findings);
        }

        var uses = enabled.Select(n => new InterfaceUse(NameOf(n), n, InterfaceOption, (n.Interface ?? n.Name).Span, n.Interface is not null)).Concat(enabled.SelectMany(HostLinkRules.Names)).ToList();
        var names = uses.Select(u => u.Name).Concat(config.Interfaces.Select(i => i.Name.Value)).ToHashSet(StringComparer.Ordinal);
        var first = new Dictionary<string, InterfaceUse>(StringComparer.Ordinal);
        foreach (var use in uses.Where(u => !first.TryAdd(u.Name, u) && first[u.Name].Namespace != u.Namespace))
        {
            Clash(use, first[use.Name], names, findings);
        }
    }

    /// <summary>What was written about the interface of a namespace, or null with a finding.</summary>
    internal static WrittenInterface? Resolve(NamespaceConfig ns, ConfigFile config, WgQuickFile? file, DiagnosticBag findings)
    {
        var name = NameOf(ns);
        var table = config.Interfaces.FirstOrDefault(i => i.Name.Value == name);
        if (ns.ConfigFile is { } configFile && table is not null && DefinedBy(table).ToList() is { Count: > 0 } options)
        {
            findings.Error(
                "VPC016", ns.Path + ".wireguard.configFile", configFile.Span,
                $"Both {Visible.Text(configFile.Value)} and [wireguard.interfaces.{TomlKey.Of(name)}] define the interface {Visible.Text(name)}: the table has {string.Join(", ", options)}.",
                "Keep one of the two. "
                + "Beside a file the table may have privateKeyFile, generatePrivateKeyFile, "
                + "dynamicEndpointRefreshSeconds, interfaceNamespace and socketNamespace only.");
            return null;
        }

        if (!InterfaceName.TryParse(name, out var parsed))
        {
            return null;
        }

        if (ns.ConfigFile is not null)
        {
            return file is null ? null : new WrittenInterface(parsed, Beside(file.Interface, table), ns, FromFile: true)
            {
                HookKeyFile = file.HookKeyFile,
            };
        }

        if (table is not null)
        {
            return new WrittenInterface(parsed, table, ns, FromFile: false);
        }

        var near = NearestName.Of(name, config.Interfaces.Select(i => i.Name.Value));
        findings.Error(
            "VPC040", ns.Path + ".wireguard", ns.Interface?.Span ?? ns.Name.Span, $"The WireGuard interface {name} of namespace {Visible.Text(ns.Name.Value)} is not defined.",
            $"{(near is null ? "" : $"Did you mean '{Visible.Text(near)}'? ")}Write wireguard.configFile = \"/etc/wireguard/FILE.conf\" under [{ns.InToml}], or define [wireguard.interfaces.{TomlKey.Of(name)}].");
        return null;
    }

    private static void Clash(InterfaceUse use, InterfaceUse first, HashSet<string> names, DiagnosticBag findings)
    {
        var path = $"{use.Namespace.Path}.{use.Option}";
        var (one, other, name) = (Visible.Text(first.Namespace.Name.Value), Visible.Text(use.Namespace.Name.Value), Visible.Text(use.Name));
        var remedy = use.Written && use.Option != InterfaceOption
            ? "Take the line out; a name is derived then."
            : $"Write {use.Option} = \"{FreeName(names)}\" under [{use.Namespace.InToml}].";
        if (use.Option == InterfaceOption && !use.Written && !first.Written)
        {
            findings.Error("VPC016", path, use.Span, $"Neither {one} nor {other} names its interface, so that both fall back to {DefaultName}.", remedy);
        }

        findings.Error("VPC013", path, use.Span, $"The interface name {name} is used by the namespaces {one} and {other}.", remedy);
    }

    // A name that nothing has, and that is not proposed twice.
    private static string FreeName(HashSet<string> names)
    {
        var number = 1;
        while (!names.Add("wg" + number))
        {
            number++;
        }

        return "wg" + number;
    }

    private static InterfaceConfig Beside(InterfaceConfig file, InterfaceConfig? table) => table is null ? file : file with
    {
        PrivateKeyFile = table.PrivateKeyFile,
        GeneratePrivateKeyFile = table.GeneratePrivateKeyFile,
        RefreshSeconds = table.RefreshSeconds,
        InterfaceNamespace = table.InterfaceNamespace,
        SocketNamespace = table.SocketNamespace,
    };

    // What of a table defines the interface, rather than adding to the file that does.
    private static IEnumerable<string> DefinedBy(InterfaceConfig table)
    {
        (string Name, bool Written)[] options =
        [
            ("ips", table.Addresses.Count > 0), ("privateKey", table.PrivateKey is not null),
            ("listenPort", table.ListenPort is not null), ("mtu", table.Mtu is not null),
            ("fwMark", table.FwMark is not null), ("allowedIPsAsRoutes", table.AllowedIPsAsRoutes is not null), ("peers", table.Peers.Count > 0),
        ];
        return options.Where(o => o.Written).Select(o => o.Name);
    }

    private static void CheckName(Located<string> name, string path, DiagnosticBag findings)
    {
        if (!InterfaceName.TryParse(name.Value, out _))
        {
            var special = name.Value is "all" or "default" or "lo" ? " 'all', 'default' and 'lo' have a meaning of their own." : "";
            findings.Error("VPC012", path, name.Span, $"'{Visible.Text(name.Value)}' cannot be the name of a network interface.", NameRule + special);
        }
    }
}
