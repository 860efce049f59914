using System.Diagnostics;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Linux.Status;

/// <summary>The counters of all tunnels at one moment. Two of them give rates.</summary>
/// <param name="At">When, on the monotonic clock: no jump of the host's clock counts.</param>
/// <param name="Bytes">
/// Bytes received and sent since the tunnel was made, by namespace; none where they are not known.
/// </param>
public sealed record TunnelTraffic(TimeSpan At, IReadOnlyDictionary<string, (ulong Received, ulong Sent)> Bytes)
{
    /// <summary>Reads them. A tunnel that cannot be read is left out, since <c>status</c> says why.</summary>
    /// <exception cref="SystemFailure">It is not known what was applied.</exception>
    public static TunnelTraffic Now()
    {
        var bytes = new Dictionary<string, (ulong, ulong)>(StringComparer.Ordinal);
        foreach (var ns in ManifestStore.LoadKnown().Namespaces)
        {
            try
            {
                using var device = WireGuardStatus.Read(ns.Name);
                if (device is not null)
                {
                    bytes[ns.Name] = (
                        Sum(device.Peers.Select(p => p.ReceivedBytes)), Sum(device.Peers.Select(p => p.SentBytes)));
                }
            }
            catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
            {
                // It is down, or is looked at again right away.
            }
        }

        return new TunnelTraffic(Stopwatch.GetElapsedTime(0), bytes);
    }

    /// <summary>What passed since an earlier moment.</summary>
    /// <returns>
    /// Bytes a second, received and sent. Null where either moment does not have the tunnel, it was made anew between,
    /// or no time passed.
    /// </returns>
    public (double Received, double Sent)? RateSince(TunnelTraffic earlier, string ns)
    {
        var seconds = (At - earlier.At).TotalSeconds;
        return seconds > 0
            && Bytes.TryGetValue(ns, out var now) && earlier.Bytes.TryGetValue(ns, out var then)
            && now.Received >= then.Received && now.Sent >= then.Sent
            ? ((now.Received - then.Received) / seconds, (now.Sent - then.Sent) / seconds)
            : null;
    }

    private static ulong Sum(IEnumerable<ulong> numbers) => numbers.Aggregate(0UL, (sum, n) => sum + n);
}
