using System.Net;
using System.Net.Sockets;

namespace VpnConfinement.Validation;

/// <summary>Joins prefixes into the fewest that hold the same addresses.</summary>
internal static class PrefixMerge
{
    /// <summary>The same addresses in the fewest prefixes: none overlaps another, no two make up a shorter one. IPv4 before IPv6, ascending.</summary>
    internal static IReadOnlyList<IPNetwork> Merge(IEnumerable<IPNetwork> prefixes)
    {
        var merged = new List<IPNetwork>();

        // A prefix sorts before those within it, and these before its neighbour, so that only the last ones kept can meet the next.
        foreach (var next in prefixes.OrderBy(Width).ThenBy(Start).ThenBy(p => p.PrefixLength))
        {
            if (merged.Count > 0 && Width(merged[^1]) == Width(next) && merged[^1].Contains(next.BaseAddress))
            {
                continue;
            }

            merged.Add(next);
            while (merged.Count > 1 && AreHalves(merged[^2], merged[^1]))
            {
                var whole = new IPNetwork(merged[^2].BaseAddress, merged[^2].PrefixLength - 1);
                merged.RemoveRange(merged.Count - 2, 2);
                merged.Add(whole);
            }
        }

        return merged;
    }

    // Whether the two are the lower and the upper half of one shorter prefix.
    private static bool AreHalves(IPNetwork low, IPNetwork high)
    {
        if (Width(low) != Width(high) || low.PrefixLength != high.PrefixLength || low.PrefixLength == 0)
        {
            return false;
        }

        var half = UInt128.One << (Width(low) - low.PrefixLength);
        return (Start(low) & half) == 0 && Start(high) == Start(low) + half;
    }

    // Bits of an address of the prefix's family.
    private static int Width(IPNetwork prefix) => prefix.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    private static UInt128 Start(IPNetwork prefix) => prefix.BaseAddress.GetAddressBytes().Aggregate(UInt128.Zero, (sum, b) => (sum << 8) | b);
}
