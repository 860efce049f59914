using System.Net;
using VpnConfinement.Model;

namespace VpnConfinement.Plan;

/// <summary>
/// A change of a ruleset, which is loaded in place: which flows have to end with it. Where it is one of lists of what is
/// allowed, only those that are no longer allowed.
/// </summary>
public sealed class RulesetChange
{
    /// <summary>IPPROTO_TCP.</summary>
    public const byte Tcp = 6;

    /// <summary>IPPROTO_UDP.</summary>
    public const byte Udp = 17;

    private readonly HashSet<(byte Protocol, ushort Port)> _closedPorts = [];
    private readonly List<IPNetwork> _closed = [];
    private readonly List<IPNetwork> _open = [];

    private RulesetChange()
    {
    }

    /// <summary>That to the same ruleset.</summary>
    public static RulesetChange Nothing { get; } = new();

    /// <summary>One of which nothing is known.</summary>
    public static RulesetChange Everything { get; } = new() { EndsEverything = true };

    /// <summary>
    /// Whether more than lists of what is allowed changes, so that no flow can be told to be allowed still.
    /// </summary>
    public bool EndsEverything { get; private init; }

    /// <summary>Whether flows of before may have to end.</summary>
    public bool ClosesAnything => EndsEverything || _closedPorts.Count + _closed.Count > 0;

    /// <summary>The change from one policy to another, of a namespace whose links stay as they are.</summary>
    public static RulesetChange Between(PolicyPlan before, PolicyPlan after)
    {
        var (from, to) = (before.Egress, after.Egress);
        var widened = to.Mode == EgressMode.AllowAllTunnel;
        if (before.DnsMode != after.DnsMode || !before.DnsServers.SequenceEqual(after.DnsServers)
            || (!widened && RulesOf(from) != RulesOf(to)))
        {
            return Everything;
        }

        // Only rules that accept ask these lists (docs/security.md), and so one that is not there is like an empty one.
        var change = new RulesetChange();
        change.Close(Tcp, before.HostTcpPorts, after.HostTcpPorts);
        change.Close(Tcp, before.FromTunnelTcp, after.FromTunnelTcp);
        change.Close(Udp, before.FromTunnelUdp, after.FromTunnelUdp);
        if (!widened)
        {
            change.Close(Tcp, from.TcpPorts, to.TcpPorts);
            change.Close(Udp, from.UdpPorts, to.UdpPorts);
            change._closed.AddRange(from.Cidrs.Except(to.Cidrs));
            change._open.AddRange(to.Cidrs);
        }

        return change;
    }

    /// <summary>Whether a flow has to end. One too many ends rather than one too few.</summary>
    /// <param name="protocol">Number of its protocol.</param>
    /// <param name="port">The port to which its first packet went; 0 where its protocol has none.</param>
    /// <param name="destination">Where that packet went.</param>
    public bool Ends(byte protocol, ushort port, IPAddress destination) =>
        EndsEverything || _closedPorts.Contains((protocol, port))
        || (_closed.Any(p => p.Contains(destination)) && !_open.Any(p => p.Contains(destination)));

    // By which rules something may leave, whatever is in their lists.
    private static (EgressMode Mode, bool EssentialIcmp, bool Tcp, bool Udp, bool Prefixes) RulesOf(Egress egress) =>
        (egress.Mode, egress.EssentialIcmp, egress.TcpPorts.Count > 0, egress.UdpPorts.Count > 0, egress.Cidrs.Count > 0);

    private void Close(byte protocol, IEnumerable<ushort> before, IEnumerable<ushort> after) =>
        _closedPorts.UnionWith(before.Except(after).Select(port => (protocol, port)));
}
