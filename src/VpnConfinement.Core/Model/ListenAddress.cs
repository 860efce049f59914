using System.Net;

namespace VpnConfinement.Model;

/// <summary>Where the host listens for a published port.</summary>
public abstract record ListenAddress
{
    private ListenAddress()
    {
    }

    /// <summary>One address of the host.</summary>
    /// <param name="EndPoint">Address and TCP port.</param>
    public sealed record Tcp(IPEndPoint EndPoint) : ListenAddress;

    /// <summary>Every address of the host.</summary>
    /// <param name="Port">TCP port.</param>
    public sealed record AnyTcp(ushort Port) : ListenAddress;

    /// <summary>A unix socket.</summary>
    /// <param name="Path">Absolute path.</param>
    public sealed record Unix(string Path) : ListenAddress;
}
