using Microsoft.Win32.SafeHandles;

namespace VpnConfinement.Linux.Namespaces;

/// <summary>The settings of a whole confined netns.</summary>
internal static class NetnsSysctls
{
    private static readonly (string Key, int Value)[] WholeNetns = [("ipv4/ip_forward", 0), ("ipv4/icmp_echo_ignore_broadcasts", 1)];

    // "all" first: writing it writes every link's disable_ipv6 and forwarding.
    private static readonly string[] Places = ["all", "default"];

    /// <summary>Sets them for all links, for links to come, and for each that exists.</summary>
    /// <exception cref="SystemFailure">Names every setting that could not be made.</exception>
    internal static void Ensure(SafeFileHandle netns, bool disableIPv6) => NetnsThread.Run(netns, () =>
    {
        var failures = new List<Exception>();
        foreach (var (key, value) in Of(disableIPv6))
        {
            LinkSysctls.Collect(key, value, failures);
        }

        return failures.Count == 0 ? true : throw SystemFailure.Of("set the namespace's kernel settings", failures);
    });

    /// <summary>The first setting that somebody changed since, or null.</summary>
    /// <exception cref="SystemFailure">The kernel does not tell.</exception>
    internal static string? Changed(SafeFileHandle netns, bool disableIPv6) => NetnsThread.Run(netns, () => Sysctl.Changed(Of(disableIPv6)));

    private static IEnumerable<(string Key, int Value)> Of(bool disableIPv6) =>
        WholeNetns.Concat(Places.Concat(Sysctl.Names("ipv4/conf").Except(Places)).SelectMany(link => LinkSysctls.Of(link, disableIPv6)));
}
