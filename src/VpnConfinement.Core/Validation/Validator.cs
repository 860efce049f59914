using VpnConfinement.Config;
using VpnConfinement.Config.WgQuick;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;

namespace VpnConfinement.Validation;

/// <summary>From what was written to what is true. The only maker of a <see cref="Confinement"/>: unchecked input cannot reach the compiler.</summary>
public static class Validator
{
    /// <summary>What has to be known of the host to validate this configuration.</summary>
    public static FactRequests Requests(ConfigFile config) => new(
        [.. config.Namespaces.Where(n => n.Enable).Select(n => n.ConfigFile?.Value).OfType<string>().Where(AbsolutePath.IsValid).Distinct()],
        [
            .. config.Interfaces.Select(i => i.PrivateKeyFile?.Value)
                .Concat(config.Interfaces.SelectMany(i => i.Peers).Select(p => p.PresharedKeyFile?.Value))
                .OfType<string>().Where(AbsolutePath.IsValid).Distinct(),
        ],
        [.. ServiceRules.NamesToLookUp(config).Distinct()],
        config.Services.Any(s => s.Enable && s.RestrictBind?.Value == true));

    /// <summary>Checks everything and reports everything.</summary>
    /// <param name="config">What was written.</param>
    /// <param name="facts">What the host says, at least what <see cref="Requests"/> asks for.</param>
    /// <param name="strict">Whether a warning refuses the configuration as an error does.</param>
    /// <param name="findings">Takes what is wrong; an error that is there already refuses the configuration as well.</param>
    /// <returns>What is true, or null when the configuration is refused.</returns>
    public static Confinement? Validate(ConfigFile config, HostFacts facts, bool strict, DiagnosticBag findings)
    {
        var own = new DiagnosticBag();
        var namespaces = Namespaces(config, facts, own);
        var all = strict ? own.WarningsAsErrors() : own;
        findings.AddAll(all);
        if (!findings.HasErrors && namespaces.Count != config.Namespaces.Count(n => n.Enable))
        {
            throw new InvalidOperationException("a namespace was refused without a finding");
        }

        return findings.HasErrors ? null : new Confinement(config.Enable?.Value == false ? [] : namespaces);
    }

    private static List<ConfinedNamespace> Namespaces(ConfigFile config, HostFacts facts, DiagnosticBag findings)
    {
        NamespaceRules.CheckNames(config, findings);
        InterfaceRules.CheckUse(config, findings);
        var services = ServiceRules.Check(config, facts, findings);
        var sockets = SocketRules.Check(config, facts, findings);
        var namespaces = new List<ConfinedNamespace>();
        foreach (var ns in config.Namespaces.Where(n => n.Enable))
        {
            if (Namespace(ns, config, facts, services, sockets, findings) is { } confined)
            {
                namespaces.Add(confined);
            }
        }

        HostLinkRules.CheckOverlaps(namespaces, config, findings);
        return [.. namespaces.OrderBy(n => n.Name.ToString(), StringComparer.Ordinal)];
    }

    private static ConfinedNamespace? Namespace(
        NamespaceConfig ns, ConfigFile config, HostFacts facts,
        IReadOnlyDictionary<string, List<ConfinedService>> services, IReadOnlyDictionary<string, List<ConfinedSocket>> sockets, DiagnosticBag findings)
    {
        var ipv6 = ns.IPv6?.Value ?? IPv6Mode.Disable;
        var leftOut = new LeftOut();
        var file = WgQuickFile(ns, facts, findings);
        var link = InterfaceRules.Resolve(ns, config, file, findings) is { } written ? WireGuardRules.Check(ns, written, ipv6, facts, leftOut, findings) : null;
        var dns = DnsRules.Check(ns, file, ipv6, leftOut, findings);
        leftOut.Report(ns, findings);
        if (!NamespaceName.TryParse(ns.Name.Value, out var name))
        {
            return null;
        }

        var hostLink = HostLinkRules.Check(ns, name, link, findings);
        return link is null || dns is null
            ? null
            : new ConfinedNamespace
            {
                Name = name,
                IPv6 = ipv6,
                DnsServers = dns.Servers,
                DnsSearch = dns.Search,
                Profile = ns.Profile?.Value ?? SecurityProfile.Balanced,
                DnsMode = ns.DnsMode?.Value ?? DnsMode.Strict,
                AllowHostResolverIpc = ns.AllowHostResolverIpc?.Value ?? false,
                Egress = new Egress { Mode = EgressMode.AllowAllTunnel, TcpPorts = [], UdpPorts = [], Cidrs = [], EssentialIcmp = true },
                FromTunnelTcp = [],
                FromTunnelUdp = [],
                Sockets = sockets.TryGetValue(ns.Name.Value, out var listening) ? listening : [],
                Publish = [],
                HostLink = hostLink,
                WireGuard = link,
                Services = services.TryGetValue(ns.Name.Value, out var confined) ? confined : [],
            };
    }

    private static WgQuickFile? WgQuickFile(NamespaceConfig ns, HostFacts facts, DiagnosticBag findings)
    {
        if (ns.ConfigFile is not { } file)
        {
            return null;
        }

        var path = ns.Path + ".wireguard.configFile";
        if (!AbsolutePath.Check(file, path, findings))
        {
            return null;
        }

        switch (facts.File(file.Value))
        {
            case FileFact.Missing:
                findings.Error("VPC040", path, file.Span, $"{file.Value} does not exist, or you may not look into its folder.", "Download the WireGuard configuration from your provider and put it there; run this as root if it is there.");
                return null;
            case FileFact.Unreadable unreadable:
                findings.Error("VPC040", path, file.Span, $"{file.Value} cannot be read: {unreadable.Reason}", "Name a readable wg-quick file; run this as root if only root may read it.");
                return null;
            case FileFact.Present { Text: { } text } present:
                if (present.OthersCanRead)
                {
                    findings.Warning("VPC109", path, file.Span, $"{file.Value} holds a key and others can read it.", $"Run 'chmod 600 {file.Value}'.");
                }

                return WgQuickReader.Read(text, path, findings);
            case FileFact.Present:
                throw new InvalidOperationException($"{file.Value} was looked at and not read");
            default:
                throw new InvalidOperationException("a file fact of an unknown kind");
        }
    }
}
