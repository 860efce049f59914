using VpnConfinement.Linux.Tests.Policy;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>One datagram that is sent to see whether it passes.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Packet">What the policy is asked.</param>
/// <param name="Wire">By which interface it really goes; a host link that is not configured is another interface to the policy.</param>
/// <param name="Exit">For a packet to be forwarded: where it would come out.</param>
/// <param name="Bytes">The packets: several when it is in fragments.</param>
/// <param name="Tag">What it is known by.</param>
internal sealed record Probe(string Name, PacketDescription Packet, InterfaceRole Wire, InterfaceRole Exit, byte[][] Bytes, byte[] Tag)
{
    /// <summary>The error number of the last sending.</summary>
    internal int LastError { get; set; }
}
