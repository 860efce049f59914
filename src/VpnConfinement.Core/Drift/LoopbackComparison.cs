namespace VpnConfinement.Drift;

/// <summary>How the loopback of a namespace differs from what it must be: up, with its own addresses.</summary>
internal static class LoopbackComparison
{
    private const string IPv4 = "127.0.0.1/8";
    private const string IPv6 = "::1/128";

    /// <summary>The differences, each as a sentence.</summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <param name="disableIPv6">Whether IPv6 is off in it.</param>
    /// <param name="seen">What it is.</param>
    internal static IEnumerable<string> Of(string ns, bool disableIPv6, LoopbackState seen)
    {
        var title = $"the loopback of namespace {ns}";
        if (!seen.IsUp)
        {
            yield return $"{title} is down";
        }

        if (!seen.Addresses.Contains(IPv4))
        {
            yield return $"{title} has not the address {IPv4}";
        }

        // One that is down has no ::1: that is said already.
        if (!disableIPv6 && seen.IsUp && !seen.Addresses.Contains(IPv6))
        {
            yield return $"{title} has not the address {IPv6}";
        }

        foreach (var other in seen.Addresses.Where(address => address != IPv4 && (disableIPv6 || address != IPv6)))
        {
            yield return $"{title} has the address {other}";
        }
    }
}
