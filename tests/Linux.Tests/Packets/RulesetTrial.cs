using System.Net.Sockets;
using System.Net;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Tests.Policy;

namespace VpnConfinement.Linux.Tests.Packets;

/// <summary>Loads a ruleset into the lab and compares what happens to each probe with what the policy says of it. Runs inside the lab's netns.</summary>
internal sealed class RulesetTrial(PacketLab lab, NftContext nft, NfTablesSocket kernel)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A source that the kernel drops before any ruleset.
    private static bool IsRefusedByKernel(Probe probe) =>
        probe.Packet is { Direction: PacketDirection.In, Interface: InterfaceRole.Tunnel, Source: var source }
        && (source.IsIPv6Multicast || source.Equals(IPAddress.IPv6Loopback) || source.Equals(IPAddress.Broadcast)
            || (source.AddressFamily == AddressFamily.InterNetwork && source.GetAddressBytes()[0] is >= 224 and < 240));

    /// <summary>The probes that do not come through even without a ruleset: the kernel itself refuses them.</summary>
    internal IReadOnlyList<Probe> RefusedByKernel(Traffic traffic)
    {
        Begin(traffic, ruleset: null);
        return [.. traffic.Probes.Where(p => !lab.PassesThrough(p, TimeSpan.FromMilliseconds(100)))];
    }

    /// <summary>What differs from the policy, one line each; at most one when the first is enough.</summary>
    internal List<string> Differences(Traffic traffic, NamespacePolicy policy, string ruleset, bool firstOnly, TimeSpan? patience = null)
    {
        Begin(traffic, ruleset);
        var differences = new List<string>();
        var refused = RefusedCounters.All.ToDictionary(name => name, _ => 0ul, StringComparer.Ordinal);
        foreach (var probe in traffic.Probes.Where(p => !IsRefusedByKernel(p)))
        {
            var expected = policy.Judge(probe.Packet);
            if (expected.Refusal is { } reason)
            {
                refused[Counter(reason)]++;
            }

            if (lab.PassesThrough(probe, expected.IsAccepted ? patience ?? Patience : TimeSpan.Zero) == expected.IsAccepted)
            {
                continue;
            }

            differences.Add($"{probe.Name}: should be {expected}, but {(expected.IsAccepted ? $"did not come through (errno {probe.LastError})" : "came through")}");
            if (firstOnly)
            {
                return differences;
            }
        }

        foreach (var counter in NftCounters.Of(kernel, NamespaceRuleset.Table).Where(c => c.Packets != refused[c.Name]))
        {
            differences.Add($"{counter.Name} counted {counter.Packets} packets, but {refused[counter.Name]} should be refused for that reason");
        }

        return differences;
    }

    // The flows of before, as a change of the ruleset would find them, then the ruleset.
    private void Begin(Traffic traffic, string? ruleset)
    {
        kernel.Delete(NamespaceRuleset.Table);
        Conntrack.FlushHere();
        foreach (var step in traffic.Flows.SelectMany(f => f.Beginning()))
        {
            if (!lab.PassesThrough(step, Patience))
            {
                throw new InvalidOperationException($"{step.Name} did not come through: {step.Packet} errno {step.LastError}");
            }
        }

        lab.Drain();
        if (ruleset is not null)
        {
            nft.Load(ruleset, "load the ruleset");
        }
    }

    private static string Counter(RefusalReason reason) => reason switch
    {
        RefusalReason.Dns => RefusedCounters.Dns,
        RefusalReason.Egress => RefusedCounters.Egress,
        RefusalReason.Forward => RefusedCounters.Forward,
        RefusalReason.HostLink => RefusedCounters.HostLink,
        RefusalReason.Input => RefusedCounters.Input,
        RefusalReason.Invalid => RefusedCounters.Invalid,
        RefusalReason.IPv6 => RefusedCounters.IPv6,
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
