
namespace VpnConfinement.Config;

/// <summary>What was written, over all files: nothing is defaulted and nothing is checked beyond its type.</summary>
public sealed record ConfigFile
{
    /// <summary><c>enable</c>; null when not written.</summary>
    public required Located<bool>? Enable { get; init; }

    /// <summary><c>defaultNamespace</c>.</summary>
    public required Located<string>? DefaultNamespace { get; init; }

    /// <summary><c>namespaces</c>, in the order written.</summary>
    public required IReadOnlyList<NamespaceConfig> Namespaces { get; init; }

    /// <summary><c>wireguard.interfaces</c>, in the order written.</summary>
    public required IReadOnlyList<InterfaceConfig> Interfaces { get; init; }

    /// <summary><c>services</c>, in the order written; those without a <c>vpn</c> table are left out.</summary>
    public required IReadOnlyList<ServiceConfig> Services { get; init; }

    /// <summary><c>sockets</c>, in the order written; those without a <c>vpn</c> table are left out.</summary>
    public required IReadOnlyList<SocketConfig> Sockets { get; init; }
}
