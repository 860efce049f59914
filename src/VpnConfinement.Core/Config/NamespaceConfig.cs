using VpnConfinement.Model;

namespace VpnConfinement.Config;

/// <summary><c>namespaces.NAME</c> as written.</summary>
public sealed record NamespaceConfig
{
    /// <summary>The name, unchecked.</summary>
    public required Located<string> Name { get; init; }

    /// <summary><c>enable</c>; a table that is present is enabled.</summary>
    public required bool Enable { get; init; }

    /// <summary><c>wireguard.interface</c>.</summary>
    public required Located<string>? Interface { get; init; }

    /// <summary><c>wireguard.configFile</c>.</summary>
    public required Located<string>? ConfigFile { get; init; }

    /// <summary><c>wireguard.implementation</c>.</summary>
    public required WireGuardImplementation Implementation { get; init; }

    /// <summary><c>dns.servers</c>; null when not written.</summary>
    public required IReadOnlyList<Located<string>>? DnsServers { get; init; }

    /// <summary><c>dns.search</c>; null when not written.</summary>
    public required IReadOnlyList<Located<string>>? DnsSearch { get; init; }

    /// <summary><c>ipv6.mode</c>.</summary>
    public required Located<IPv6Mode>? IPv6 { get; init; }

    /// <summary><c>publishToHost.tcp</c>.</summary>
    public required IReadOnlyList<Located<int>> PublishToHost { get; init; }

    /// <summary><c>ingress.fromHost.tcp</c>.</summary>
    public required IReadOnlyList<Located<int>> IngressFromHost { get; init; }

    /// <summary><c>hostLink.enable</c>.</summary>
    public required Located<bool>? HostLinkEnable { get; init; }

    /// <summary><c>hostLink.hostIf</c>.</summary>
    public required Located<string>? HostInterface { get; init; }

    /// <summary><c>hostLink.nsIf</c>.</summary>
    public required Located<string>? NamespaceInterface { get; init; }

    /// <summary><c>hostLink.subnetIPv4</c>.</summary>
    public required Located<string>? Subnet { get; init; }

    /// <summary><c>securityProfile</c>.</summary>
    public required Located<SecurityProfile>? Profile { get; init; }

    /// <summary><c>wireguard.socketNamespace</c>.</summary>
    public required Located<string>? SocketNamespace { get; init; }

    /// <summary><c>wireguard.allowHostnameEndpoints</c>.</summary>
    public required Located<bool>? AllowHostnameEndpoints { get; init; }

    /// <summary><c>wireguard.endpointPinning.enable</c>.</summary>
    public required Located<bool>? PinningEnable { get; init; }

    /// <summary><c>wireguard.endpointPinning.fwMark</c>.</summary>
    public required Located<uint>? PinningFwMark { get; init; }

    /// <summary><c>dns.mode</c>.</summary>
    public required Located<DnsMode>? DnsMode { get; init; }

    /// <summary><c>dns.allowHostResolverIPC</c>.</summary>
    public required Located<bool>? AllowHostResolverIpc { get; init; }

    /// <summary><c>ingress.fromTunnel.tcp</c>.</summary>
    public required IReadOnlyList<Located<int>> IngressFromTunnelTcp { get; init; }

    /// <summary><c>ingress.fromTunnel.udp</c>.</summary>
    public required IReadOnlyList<Located<int>> IngressFromTunnelUdp { get; init; }

    /// <summary><c>egress.mode</c>.</summary>
    public required Located<EgressMode>? EgressMode { get; init; }

    /// <summary><c>egress.allowedTcpPorts</c>; null when not written.</summary>
    public required IReadOnlyList<Located<int>>? AllowedTcpPorts { get; init; }

    /// <summary><c>egress.allowedUdpPorts</c>; null when not written.</summary>
    public required IReadOnlyList<Located<int>>? AllowedUdpPorts { get; init; }

    /// <summary><c>egress.allowedCidrs</c>; null when not written.</summary>
    public required IReadOnlyList<Located<string>>? AllowedCidrs { get; init; }

    /// <summary><c>egress.allowEssentialIcmp</c>.</summary>
    public required Located<bool>? AllowEssentialIcmp { get; init; }

    /// <summary><c>publish</c>.</summary>
    public required IReadOnlyList<PublishConfig> Publish { get; init; }

    /// <summary><c>verify.url</c>.</summary>
    public required Located<string>? VerifyUrl { get; init; }

    /// <summary>The option path of this table.</summary>
    public string Path => "namespaces." + Name.Value;

    /// <summary>The same as one writes it in TOML.</summary>
    public string InToml => "namespaces." + TomlKey.Of(Name.Value);
}
