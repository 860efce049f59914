using System.Net;

namespace VpnConfinement.Model;

/// <summary>Where a peer is.</summary>
public abstract record PeerEndpoint
{
    private PeerEndpoint()
    {
    }

    /// <summary>An address.</summary>
    /// <param name="Address">Address and UDP port.</param>
    public sealed record Literal(IPEndPoint Address) : PeerEndpoint;

    /// <summary>A name, looked up in the birthplace, outside the tunnel.</summary>
    /// <param name="Name">The host's name.</param>
    /// <param name="Port">UDP port.</param>
    /// <param name="RefreshSeconds">Seconds between look-ups, at least 10.</param>
    public sealed record Hostname(string Name, ushort Port, int RefreshSeconds) : PeerEndpoint;
}
