using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Namespaces;

/// <summary>The settings of a whole confined netns.</summary>
internal static class NetnsSysctls
{
    /// <summary>Sets them for all links, for links to come, and for each that exists.</summary>
    /// <exception cref="SystemFailure">Names every setting that could not be made.</exception>
    internal static void Ensure(SafeFileHandle netns, bool disableIPv6) => NetnsThread.Run(netns, () =>
    {
        var failures = new List<Exception>();
        LinkSysctls.Collect("ipv4/ip_forward", 0, failures);
        LinkSysctls.Collect("ipv4/icmp_echo_ignore_broadcasts", 1, failures);

        // "all" first: writing it writes every link's disable_ipv6 and forwarding.
        LinkSysctls.Ensure("all", disableIPv6, failures);
        LinkSysctls.Ensure("default", disableIPv6, failures);
        foreach (var link in Sysctl.Names("ipv4/conf"))
        {
            if (link is not ("all" or "default"))
            {
                LinkSysctls.Ensure(link, disableIPv6, failures);
            }
        }

        return failures.Count == 0 ? true : throw SystemFailure.Of("set the namespace's kernel settings", failures);
    });
}
