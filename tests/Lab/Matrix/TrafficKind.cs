using System.Net;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Interop;

namespace VpnConfinement.Lab.Matrix;

/// <summary>One row of the leak matrix: something that a confined process tries.</summary>
/// <param name="Id">Stable: docs/security.md names it.</param>
/// <param name="Guarantees">The guarantees of docs/security.md that it is a test of, with spaces between.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Request">The try.</param>
public sealed record TrafficKind(string Id, string Guarantees, Fate Fate, AgentRequest Request)
{
    /// <summary>What becomes of it when root tries, with capabilities; null is the same. Where the privilege is the barrier, it is another.</summary>
    public Fate? OfRoot { get; init; }

    /// <summary>Not for root in a service: it is no network call, and root is not contained (VPC100).</summary>
    public bool NotForRoot { get; init; }

    /// <summary>The same try as an unconfined process has to make it, to be seen.</summary>
    public AgentRequest Unconfined { get; init; } = Request;

    /// <summary>Whether the kernel may lack it: then there is nothing to see and nothing to refuse.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>The error that it has to end with where it never works; null is any.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it passes the namespace's ruleset by and is on the host link for all to see: then it is the machine that may not heed it.</summary>
    public bool IsPastRuleset => Request.Operation is AgentOperation.Frame && Request.Device == Place.HostLink;

    /// <summary>Nothing of it is on a wire: that an unconfined process succeeds shows that the try is a good one.</summary>
    public bool ShownBySuccess => Request.Operation
        is AgentOperation.Call or AgentOperation.Open or AgentOperation.Enter
        or AgentOperation.OpenByRing or AgentOperation.OpenByForeignCall
        or AgentOperation.AddKey or AgentOperation.FindKeyring;

    /// <summary>Whether a packet is that of the unconfined process.</summary>
    public bool IsShownBy(Packet packet) =>
        IPAddress.Parse(Address).Equals(packet.Destination) && packet.Protocol == Protocol && (Port == 0 || packet.Protocol is not (6 or 17) || packet.DestinationPort == Port);

    // A name goes to the resolver that the host asks.
    private bool IsLookup => Unconfined.Operation is AgentOperation.Resolve or AgentOperation.Lookup;

    private string Address => IsLookup ? $"{Worlds.Addresses.OrdinaryResolver}" : Unconfined.Address;

    private int Port => IsLookup ? 53 : Unconfined.Port;

    private int Protocol => Unconfined.Operation switch
    {
        AgentOperation.Ping or AgentOperation.RawPing => Libc.IPPROTO_ICMP,
        _ when Unconfined.Protocol is > 0 and < 256 => Unconfined.Protocol,
        AgentOperation.Get or AgentOperation.Connect => Libc.IPPROTO_TCP,
        AgentOperation.Query when Unconfined.Stream => Libc.IPPROTO_TCP,
        _ => Libc.IPPROTO_UDP,
    };
}
