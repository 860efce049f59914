using System.Globalization;
using VpnConfinement.Compile.Nftables;

namespace VpnConfinement.Cli.Output;

/// <summary>What the counters of refused packets mean, in words.</summary>
internal static class RefusedText
{
    /// <summary>The counters that are not 0, the largest first; <c>none</c> where all are.</summary>
    internal static string Of(IReadOnlyDictionary<string, ulong> counters)
    {
        var refused = counters.Where(c => c.Value > 0)
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {Words(c.Key)}")).ToList();
        return refused.Count == 0 ? "none" : string.Join(", ", refused);
    }

    private static string Words(string counter) => counter switch
    {
        RefusedCounters.Dns => "to other resolvers",
        RefusedCounters.Egress => "that may not leave",
        RefusedCounters.Forward => "to be forwarded",
        RefusedCounters.HostLink => "on the host link",
        RefusedCounters.Input => "from the tunnel, unasked",
        RefusedCounters.Invalid => "of no connection",
        RefusedCounters.IPv6 => "of IPv6",
        _ => counter,
    };
}
