using System.Text.Json.Serialization;
using VpnConfinement.Model;

namespace VpnConfinement.Cli.Output;

/// <summary>What <c>show --json</c> prints.</summary>
/// <param name="Namespaces">The enabled namespaces by name.</param>
internal sealed record ShowDocument(IReadOnlyDictionary<string, ShowDocument.Namespace> Namespaces)
{
    internal static ShowDocument Of(Confinement confinement) => new(confinement.Namespaces.ToDictionary(ns => ns.Name.ToString(), Of, StringComparer.Ordinal));

    private static Namespace Of(ConfinedNamespace ns) => new(
        ns.WireGuard.Interface.ToString(),
        ns.WireGuard.FwMark is 0 ? null : ns.WireGuard.FwMark,
        new Derivation(ns.HostLink is { } link ? new Link($"{link.Subnet}", $"{link.HostAddress}", $"{link.NamespaceAddress}", $"{link.HostInterface}", $"{link.NamespaceInterface}") : null),
        [.. ns.Services.Select(s => s.Unit.ToString())],
        [.. ns.Sockets.Select(s => s.Unit.ToString())]);

    /// <summary>One namespace.</summary>
    internal sealed record Namespace(string Interface, uint? FwMark, Derivation Derived, IReadOnlyList<string> Services, IReadOnlyList<string> Sockets);

    /// <summary>What is worked out where it is not written.</summary>
    internal sealed record Derivation(Link? HostLink);

    /// <summary>The veth pair.</summary>
    internal sealed record Link(
        [property: JsonPropertyName("subnetIPv4")] string Subnet,
        [property: JsonPropertyName("hostAddressIPv4")] string HostAddress,
        [property: JsonPropertyName("nsAddressIPv4")] string NamespaceAddress,
        string HostIf,
        string NsIf);
}
