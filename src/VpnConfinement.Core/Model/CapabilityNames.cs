using System.Collections.Frozen;

namespace VpnConfinement.Model;

/// <summary>The kernel's capabilities (linux/capability.h), and what a unit's settings leave of them.</summary>
internal static class CapabilityNames
{
    private static readonly string[] Escapes = ["CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_BPF", "CAP_DAC_READ_SEARCH", "CAP_PERFMON", "CAP_CHECKPOINT_RESTORE"];

    internal static FrozenSet<string> All { get; } = new[]
    {
        "CAP_AUDIT_CONTROL", "CAP_AUDIT_READ", "CAP_AUDIT_WRITE", "CAP_BLOCK_SUSPEND", "CAP_BPF", "CAP_CHECKPOINT_RESTORE", "CAP_CHOWN", "CAP_DAC_OVERRIDE",
        "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_KILL", "CAP_LEASE", "CAP_LINUX_IMMUTABLE", "CAP_MAC_ADMIN",
        "CAP_MAC_OVERRIDE", "CAP_MKNOD", "CAP_NET_ADMIN", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_RAW", "CAP_PERFMON", "CAP_SETFCAP", "CAP_SETGID",
        "CAP_SETPCAP", "CAP_SETUID", "CAP_SYSLOG", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_CHROOT", "CAP_SYS_MODULE", "CAP_SYS_NICE", "CAP_SYS_PACCT",
        "CAP_SYS_PTRACE", "CAP_SYS_RAWIO", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_WAKE_ALARM",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether it lets a process change its network, or leave its namespaces.</summary>
    internal static bool IsEscape(string capability) => capability.StartsWith("CAP_SYS_", StringComparison.Ordinal) || Escapes.Contains(capability, StringComparer.Ordinal);

    /// <summary>What a set of capabilities holds after all its lines (systemd.exec(5)): added up, or with ~ taken away.</summary>
    /// <param name="values">The values of the key, at least one.</param>
    internal static IReadOnlySet<string> Set(IReadOnlyList<string> values)
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        var untouched = true;
        foreach (var value in values)
        {
            var words = value.TrimStart('~').Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(w => w.ToUpperInvariant()).ToList();
            var taken = value.StartsWith('~');
            if (untouched || words.Count == 0)
            {
                set = new HashSet<string>(taken ? All : [], StringComparer.Ordinal);
            }

            if (taken)
            {
                set.ExceptWith(words);
            }
            else
            {
                set.UnionWith(words.Where(All.Contains));
            }

            untouched = false;
        }

        return set;
    }
}
