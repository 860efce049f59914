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
        config.Services.Any(s => s.Enable && s.RestrictBind?.Value == true))
    {
        WritePaths =
        [
            .. config.Services.Where(s => s.Enable).SelectMany(s => s.WritePaths).Select(p => p.Value)
                .Where(AbsolutePath.IsValid).Distinct(),
        ],
    };

    /// <summary>Checks everything and reports everything.</summary>
    /// <param name="config">What was written.</param>
    /// <param name="facts">What the host says, at least what <see cref="Requests"/> asks for.</param>
    /// <param name="strict">Whether a warning refuses the configuration as an error does.</param>
    /// <param name="findings">Takes what is wrong; an error that is there already refuses the configuration as well.</param>
    /// <returns>What is true, or null when the configuration is refused.</returns>
    public static Confinement? Validate(ConfigFile config, HostFacts facts, bool strict, DiagnosticBag findings)
    {
        var own = new DiagnosticBag { Before = findings };
        var namespaces = Namespaces(config, facts, own);
        var all = strict ? own.WarningsAsErrors() : own;
        findings.AddAll(all);
        if (!findings.HasErrors && namespaces.Count != config.Namespaces.Count(n => n.Enable))
        {
            throw new InvalidOperationException("a namespace was refused without a finding");
        }

        return findings.HasErrors ? null : new Confinement(
            config.Enable?.Value == false ? [] : namespaces, NetworkDaemonRules.Foreign(facts.NetworkDaemons));
    }

    private static List<ConfinedNamespace> Namespaces(ConfigFile config, HostFacts facts, DiagnosticBag findings)
    {
        NamespaceRules.CheckNames(config, findings);
        InterfaceRules.CheckUse(config, findings);
        BirthplaceRules.CheckCycles(config, findings);
        PublishRules.CheckClashes(config, findings);
        var hostLinks = HostLinkRules.Subnets(config);
        HostLinkRules.CheckSubnets(hostLinks, findings);
        var services = ServiceRules.Check(config, facts, findings);
        var sockets = SocketRules.Check(config, facts, findings);
        var mounts = new HostMounts(facts);
        var enabled = config.Namespaces.Where(n => n.Enable).ToList();
        var interfaces = new List<WrittenInterface>();
        var namespaces = new List<ConfinedNamespace>();
        foreach (var ns in enabled)
        {
            var file = ProviderFile.Read(ns, facts, findings);
            var written = InterfaceRules.Resolve(ns, config, file, findings);
            if (written is not null)
            {
                interfaces.Add(written);
            }

            var birthplace = BirthplaceRules.Check(ns, config, findings);
            var published = PublishRules.Check(ns, hostLinks, findings);
            if (Namespace(ns, file, written, birthplace, facts, findings) is { } confined)
            {
                namespaces.Add(confined with
                {
                    Services = [.. services[ns.Name.Value]],
                    Sockets = [.. sockets[ns.Name.Value]],
                    Publish = published,
                    CommandMasks = MaskRules.OfCommands(ns, mounts, facts),
                });
            }
        }

        PinningRules.CheckAcross(enabled, interfaces, findings);
        NetworkDaemonRules.Check(enabled, namespaces, facts.NetworkDaemons, findings);
        return [.. namespaces.OrderBy(n => n.Name.ToString(), StringComparer.Ordinal)];
    }

    private static ConfinedNamespace? Namespace(NamespaceConfig ns, WgQuickFile? file, WrittenInterface? written, Birthplace? birthplace, HostFacts facts, DiagnosticBag findings)
    {
        var ipv6 = ns.IPv6?.Value ?? IPv6Mode.Disable;
        var leftOut = new LeftOut();
        ProfileRules.Check(ns, findings);
        var link = written is null ? null : WireGuardRules.Check(written, ipv6, birthplace, facts, leftOut, findings);
        var dns = DnsRules.Check(ns, file, ipv6, leftOut, findings);
        if (written is not null && link is not null && dns is not null)
        {
            dns.CheckReach(ns, file, written, link, findings);
        }

        var egress = EgressRules.Check(ns, ipv6, findings);
        WebPageRules.Check(ns, findings);
        leftOut.Report(ns, findings);
        if (!NamespaceName.TryParse(ns.Name.Value, out var name))
        {
            return null;
        }

        var hostLink = HostLinkRules.Check(ns, name, findings);
        if (hostLink is not null && link is not null && dns is not null)
        {
            HostLinkRules.CheckTunnel(ns, hostLink, link, dns.Servers, findings);
        }

        return link is null || dns is null
            ? null
            : new ConfinedNamespace
            {
                Name = name,
                IPv6 = ipv6,
                DnsServers = dns.Servers,
                DnsSearch = dns.Search,
                Profile = ProfileRules.Of(ns),
                DnsMode = ns.DnsMode?.Value ?? DnsMode.Strict,
                AllowHostResolverIpc = ns.AllowHostResolverIpc?.Value ?? false,
                Egress = egress,
                FromTunnelTcp = Ports.Of(ns.IngressFromTunnelTcp),
                FromTunnelUdp = Ports.Of(ns.IngressFromTunnelUdp),
                Sockets = [],
                Publish = [],
                VerifyUrl = ns.VerifyUrl?.Value,
                CommandMasks = [],
                HostLink = hostLink,
                WireGuard = link,
                Services = [],
            };
    }
}
