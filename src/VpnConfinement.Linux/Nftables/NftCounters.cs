using System.Text.Json;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;

namespace VpnConfinement.Linux.Nftables;

/// <summary>The named counters of a namespace, which say why packets were refused.</summary>
public static class NftCounters
{
    /// <summary>Reads them, ordered by name.</summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <exception cref="SystemFailure">The namespace is not up or not ours, or libnftables failed.</exception>
    public static IReadOnlyList<NftCounter> Read(string ns)
    {
        using var netns = Netns.Open(ns);
        return Parse(NftContext.RunIn(netns, context => context.ListCounters(NftTable.Confinement)));
    }

    /// <summary>Reads libnftables' JSON.</summary>
    internal static IReadOnlyList<NftCounter> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return
            [
                .. document.RootElement.GetProperty("nftables").EnumerateArray()
                    .Where(item => item.TryGetProperty("counter", out _))
                    .Select(item => item.GetProperty("counter"))
                    .Select(counter => new NftCounter(
                        counter.GetProperty("name").GetString()!,
                        counter.GetProperty("packets").GetUInt64(),
                        counter.GetProperty("bytes").GetUInt64()))
                    .OrderBy(counter => counter.Name, StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SystemFailure("libnftables' list of counters is malformed", e);
        }
    }
}
