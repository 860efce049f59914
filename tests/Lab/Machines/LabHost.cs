using System.Globalization;
using VpnConfinement.Lab.Processes;

namespace VpnConfinement.Lab.Machines;

/// <summary>The machine that the lab runs on: how fast it is, and whether its kernel has WireGuard.</summary>
public static class LabHost
{
    /// <summary>Says how many times slower than usual this machine is; what is waited for may take that much longer. <c>tests/vm/matrix</c> sets it.</summary>
    public const string SlownessVariable = "VPNC_LAB_SLOWNESS";

    /// <summary>Set to "kernel" it demands what is otherwise taken where it is there: the kernel's WireGuard, at both ends of the tunnel.</summary>
    private const string WireGuardVariable = "VPNC_LAB_WIREGUARD";

    private static readonly Lazy<bool> Kernel = new(ProbeKernel);

    public static double Slowness { get; } = Environment.GetEnvironmentVariable(SlownessVariable) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : 1;

    /// <summary>Whether the tunnel's devices are the kernel's, at both ends; else they are wireguard-go's.</summary>
    public static bool HasKernelWireGuard => Kernel.Value;

    /// <summary>How long to wait for what an ordinary machine does within so many seconds. Not for watching that something does not happen.</summary>
    public static TimeSpan Patience(double seconds) => TimeSpan.FromSeconds(seconds * Slowness);

    /// <summary>The beginning of a shell line inside the machine in which `wg` then is about the namespace's device <c>$n</c>: the kernel's by its netns, wireguard-go's by its socket.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="link">Its link.</param>
    /// <param name="mark">Its fwMark, to know it from others; null where there is no other.</param>
    public static string ShellDevice(string ns, string link, string? mark = null) => HasKernelWireGuard
        ? $"wg() {{ nsenter --net=/run/netns/{ns} -- /usr/bin/wg \"$@\"; }}; n={link}; "
        : $"for s in /run/wireguard/vpnc*.sock; do n=$(basename $s .sock); {(mark is null ? "" : $"wg show $n fwmark | grep -q {mark} && ")}break; done; ";

    private static bool ProbeKernel()
    {
        var wanted = Environment.GetEnvironmentVariable(WireGuardVariable) ?? "";
        var tried = Command.Run("unshare", "--net", Command.Find("ip"), "link", "add", "wg0", "type", "wireguard");
        return wanted switch
        {
            "" => tried.Succeeded,
            "kernel" when tried.Succeeded => true,
            "kernel" => throw new InvalidOperationException($"{WireGuardVariable} is 'kernel', and the kernel has no WireGuard: {tried.Summary}"),
            _ => throw new InvalidOperationException($"{WireGuardVariable} is '{wanted}'; it can be 'kernel' only"),
        };
    }
}
