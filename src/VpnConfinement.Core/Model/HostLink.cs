using System.Net;

namespace VpnConfinement.Model;

/// <summary>The veth pair by which the host, and only the host, reaches listed ports in the namespace.</summary>
public sealed record HostLink
{
    /// <summary>Interface on the host.</summary>
    public required InterfaceName HostInterface { get; init; }

    /// <summary>Interface in the namespace.</summary>
    public required InterfaceName NamespaceInterface { get; init; }

    /// <summary>The /30.</summary>
    public required IPNetwork Subnet { get; init; }

    /// <summary>The host's address: base + 1.</summary>
    public IPAddress HostAddress => AddressAt(1);

    /// <summary>The namespace's address: base + 2.</summary>
    public IPAddress NamespaceAddress => AddressAt(2);

    /// <summary>TCP ports in the namespace that the host may reach, ascending, each once.</summary>
    public required IReadOnlyList<ushort> TcpPorts { get; init; }

    private IPAddress AddressAt(byte offset)
    {
        var bytes = Subnet.BaseAddress.GetAddressBytes();
        bytes[3] += offset;
        return new IPAddress(bytes);
    }
}
