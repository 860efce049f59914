namespace VpnConfinement.Doctor;

/// <summary>The way to an endpoint, from where the tunnel's own packets are sent.</summary>
public abstract record EndpointRoute
{
    private EndpointRoute()
    {
    }

    /// <summary>There is none, or one that refuses.</summary>
    public sealed record None : EndpointRoute;

    /// <summary>The endpoint is an address of the sender itself.</summary>
    public sealed record Local : EndpointRoute;

    /// <summary>It leaves over a link.</summary>
    /// <param name="Link">Name of the link.</param>
    /// <param name="Kind">Kind of the link, as <c>wireguard</c>; empty where it has none.</param>
    /// <param name="Mtu">How large a packet may be, in bytes, with what routers on the way have told.</param>
    public sealed record Over(string Link, string Kind, int Mtu) : EndpointRoute;
}
