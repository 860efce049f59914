using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Syntax;
using VpnConfinement.Text;

namespace VpnConfinement.Config;

/// <summary>Texts to what was written. Every finding is reported; a text that cannot be read yields no configuration.</summary>
public static class ConfigReader
{
    /// <summary>Reads the texts in the order in which they are merged.</summary>
    /// <param name="texts">The texts, and whether each is JSON.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <returns>What was written, or null when a text could not be read. What has a wrong name or type is a finding and left out.</returns>
    public static ConfigFile? Read(IReadOnlyList<(SourceText Text, bool Json)> texts, DiagnosticBag findings)
    {
        var root = new TableNode(SourceSpan.WholeFile(texts.Count > 0 ? texts[0].Text.File : ""));
        foreach (var (text, json) in texts)
        {
            TableMerge.Into(root, json ? JsonReader.Read(text, findings) : TomlReader.Read(text, findings), "", findings);
        }

        // Of a key that is set twice the first is read on; a text that cannot be read says nothing.
        if (findings.Has("VPC001"))
        {
            return null;
        }

        if (root.Members.Count == 0)
        {
            findings.Error("VPC001", "", root.Span, "The configuration is empty.", "Define at least [namespaces.NAME]; to take everything away run 'vpn-confinement remove'.");
            return null;
        }

        return Bind(new TableReader(root, "", OptionTables.Top, findings), findings);
    }

    private static ConfigFile Bind(TableReader top, DiagnosticBag findings) => new()
    {
        Enable = top.Boolean("enable"),
        DefaultNamespace = top.String("defaultNamespace"),
        Namespaces = [.. top.NamedTables("namespaces").Select(n => Namespace(n.Name, n.Table))],
        Interfaces = [.. top.Table("wireguard").NamedTables("interfaces").Select(i => Interface(i.Name, i.Table))],
        Services = [.. top.NamedTables("services").Where(s => HasVpn(s.Name, s.Table, "VPC080", findings)).Select(s => Service(s.Name, s.Table.Table("vpn")))],
        Sockets = [.. top.NamedTables("sockets").Where(s => HasVpn(s.Name, s.Table, "VPC090", findings)).Select(s => Socket(s.Name, s.Table.Table("vpn")))],
    };

    // Whoever writes a table means something by it.
    private static bool HasVpn(Located<string> name, TableReader table, string code, DiagnosticBag findings)
    {
        var has = table.Has("vpn");
        if (!has)
        {
            // A dot that is not in quotes begins a table of its own.
            var kind = table.Has("service") ? "service" : table.Has("socket") ? "socket" : null;
            findings.Error(code, table.Path, name.Span, $"The table {Visible.Text(table.Path)} has no table 'vpn', so it confines nothing.", kind is null
                ? $"Write [{Visible.Text(table.Path)}.vpn] with its namespace, or take the table out."
                : $"Put the unit's name into quotes: [{table.Path.Split('.')[0]}.\"{Visible.Text(name.Value)}.{kind}\".vpn].");
        }

        return has;
    }

    private static NamespaceConfig Namespace(Located<string> name, TableReader table)
    {
        var wireGuard = table.Table("wireguard");
        var dns = table.Table("dns");
        var link = table.Table("hostLink");
        var ingress = table.Table("ingress");
        var fromTunnel = ingress.Table("fromTunnel");
        var egress = table.Table("egress");
        var pinning = wireGuard.Table("endpointPinning");
        return new NamespaceConfig
        {
            Name = name,
            Enable = table.Boolean("enable")?.Value ?? true,
            Interface = wireGuard.String("interface"),
            ConfigFile = wireGuard.String("configFile"),
            Implementation = wireGuard.Choice<WireGuardImplementation>("implementation")?.Value ?? WireGuardImplementation.Auto,
            DnsServers = dns.Has("servers") ? dns.Strings("servers") : null,
            DnsSearch = dns.Has("search") ? dns.Strings("search") : null,
            IPv6 = table.Table("ipv6").Choice<IPv6Mode>("mode"),
            PublishToHost = table.Table("publishToHost").Ports("tcp"),
            IngressFromHost = ingress.Table("fromHost").Ports("tcp"),
            HostLinkEnable = link.Boolean("enable"),
            HostInterface = link.String("hostIf"),
            NamespaceInterface = link.String("nsIf"),
            Subnet = link.String("subnetIPv4"),
            Profile = table.Choice<SecurityProfile>("securityProfile"),
            SocketNamespace = wireGuard.String("socketNamespace"),
            AllowHostnameEndpoints = wireGuard.Boolean("allowHostnameEndpoints"),
            PinningEnable = pinning.Boolean("enable"),
            PinningFwMark = pinning.Mark("fwMark"),
            DnsMode = dns.Choice<DnsMode>("mode"),
            AllowHostResolverIpc = dns.Boolean("allowHostResolverIPC"),
            IngressFromTunnelTcp = fromTunnel.Ports("tcp"),
            IngressFromTunnelUdp = fromTunnel.Ports("udp"),
            EgressMode = egress.Choice<EgressMode>("mode"),
            AllowedTcpPorts = egress.Has("allowedTcpPorts") ? egress.Ports("allowedTcpPorts") : null,
            AllowedUdpPorts = egress.Has("allowedUdpPorts") ? egress.Ports("allowedUdpPorts") : null,
            AllowedCidrs = egress.Has("allowedCidrs") ? egress.Strings("allowedCidrs") : null,
            AllowEssentialIcmp = egress.Boolean("allowEssentialIcmp"),
            Publish = [.. table.Tables("publish").Select(p => new PublishConfig { Span = p.Span, Listen = p.Table.String("listen"), To = p.Table.Number("to") })],
            VerifyUrl = table.Table("verify").String("url"),
        };
    }

    private static InterfaceConfig Interface(Located<string> name, TableReader table) => new()
    {
        Name = name,
        Addresses = table.Strings("ips"),
        PrivateKeyFile = table.String("privateKeyFile"),
        PrivateKey = table.Secret("privateKey"),
        ListenPort = table.Number("listenPort"),
        Mtu = table.Number("mtu"),
        FwMark = table.Mark("fwMark"),
        AllowedIPsAsRoutes = table.Boolean("allowedIPsAsRoutes"),
        GeneratePrivateKeyFile = table.Boolean("generatePrivateKeyFile"),
        InterfaceNamespace = table.String("interfaceNamespace"),
        SocketNamespace = table.String("socketNamespace"),
        RefreshSeconds = table.Number("dynamicEndpointRefreshSeconds"),
        Peers = [.. table.Tables("peers").Select(p => Peer(p.Span, p.Table))],
    };

    private static PeerConfig Peer(SourceSpan span, TableReader table) => new()
    {
        Span = span,
        PublicKey = table.String("publicKey"),
        PresharedKey = table.Secret("presharedKey"),
        PresharedKeyFile = table.String("presharedKeyFile"),
        Endpoint = table.String("endpoint"),
        AllowedIPs = table.Strings("allowedIPs"),
        PersistentKeepalive = table.Number("persistentKeepalive"),
        RefreshSeconds = table.Number("dynamicEndpointRefreshSeconds"),
    };

    private static ServiceConfig Service(Located<string> name, TableReader table) => new()
    {
        Name = name,
        Enable = table.Boolean("enable")?.Value ?? true,
        Namespace = table.String("namespace"),
        Hardening = table.Choice<HardeningProfile>("hardeningProfile"),
        ExtraAddressFamilies = table.Strings("extraAddressFamilies"),
        RunPaths = table.Strings("runPaths"),
        WritePaths = table.Strings("writePaths"),
        AllowJit = table.Boolean("allowJit")?.Value ?? false,
        RestrictBind = table.Boolean("restrictBind"),
        AllowRootInHighAssurance = table.Boolean("allowRootInHighAssurance")?.Value ?? false,
        Capabilities = table.Strings("capabilities"),
        Allow = table.Choices<IsolationOptOut>("allow"),
        OnTunnelLoss = table.Choice<OnTunnelLoss>("onTunnelLoss")?.Value ?? OnTunnelLoss.Stop,
    };

    private static SocketConfig Socket(Located<string> name, TableReader table) => new()
    {
        Name = name,
        Enable = table.Boolean("enable")?.Value ?? true,
        Namespace = table.String("namespace"),
    };
}
