using System.Globalization;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Verify;

/// <summary>As whom a process of a service runs, and in which control group.</summary>
/// <param name="User">Its effective user, as the initial user namespace has it.</param>
/// <param name="Group">Its effective group.</param>
/// <param name="Groups">Its other groups.</param>
/// <param name="ControlGroup">Its control group, as <c>/system.slice/x.service</c>.</param>
internal sealed record ProbeUser(uint User, uint Group, IReadOnlyList<uint> Groups, string ControlGroup)
{
    // proc_pid_status(5): real, effective, saved and file system user.
    private const int Effective = 1;

    /// <summary>Reads it.</summary>
    /// <exception cref="SystemFailure">The process is gone, or cannot be looked at.</exception>
    internal static ProbeUser Of(int pid)
    {
        var lines = KernelFile.ReadLines($"/proc/{pid}/status");
        return new ProbeUser(
            Numbers(lines, "Uid:")[Effective],
            Numbers(lines, "Gid:")[Effective],
            Numbers(lines, "Groups:"),
            GroupOf(KernelFile.ReadLines($"/proc/{pid}/cgroup")) ?? throw new SystemFailure(
                $"the control group of process {pid} is not known"));
    }

    // cgroups(7): the unified hierarchy, or the one of systemd's own.
    private static string? GroupOf(string[] lines) =>
        (Array.Find(lines, l => l.StartsWith("0::/", StringComparison.Ordinal))
            ?? Array.Find(lines, l => l.Contains(":name=systemd:", StringComparison.Ordinal)))?.Split(':', 3)[2];

    private static uint[] Numbers(string[] lines, string key) =>
    [
        .. (Array.Find(lines, l => l.StartsWith(key, StringComparison.Ordinal))
                ?? throw new SystemFailure($"a process has no line '{key}'"))
            [key.Length..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Select(n => uint.Parse(n, NumberStyles.None, CultureInfo.InvariantCulture)),
    ];
}
