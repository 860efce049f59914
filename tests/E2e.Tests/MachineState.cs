using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What a machine had before a test: files where units and configurations lie, mounts, named network namespaces.
/// Restoring it waits, for a bounded time, for whatever still uses what is taken away. It goes on where one thing stays, and
/// tells all that does.
/// </summary>
internal sealed class MachineState
{
    private const string Archive = "/var/lib/vpnc-lab.tar";

    // All of these is brought back.
    private const string Kept = "etc/systemd/system etc/vpn-confinement etc/wireguard etc/resolv.conf etc/hosts";

    // Where a test may have put units for this boot only.
    private const string Runtime = "run/systemd/system run/systemd/system.control";

    private const string ListMounts =
        "awk '$5 !~ \"^/run/(credentials|user|systemd|netns)\" { print $5 }' /proc/self/mountinfo";

    private const string ListNamespaces = "ls /run/netns 2>/dev/null || true";

    // Each by itself: since systemd 262 a call is refused whole where one unit of it is. The machine's own units lie
    // elsewhere. One that ends just then is not known to systemd any more, and cannot be stopped.
    private const string StopAll = """
        is_up() { case $(systemctl is-active "$1") in inactive | failed | unknown) return 1 ;; esac; }
        for u in $(systemctl list-units --plain --no-legend --full --type=service,socket,timer,path \
            --state=active,activating,reloading,deactivating | cut -d ' ' -f 1); do
            case $(systemctl show -P FragmentPath "$u") in
                /etc/systemd/* | /run/systemd/system/* | /run/systemd/transient/* | "")
                    systemctl stop "$u" || ! is_up "$u" || bad="$bad $u" ;;
            esac
        done
        [ -z "$bad" ] || { echo "still up:$bad" >&2; exit 1; }
        """;

    private const string BringBack = $"""
        cd /
        find {Kept} {Runtime} -mindepth 1 -delete 2>&1 | grep -v 'No such file' >&2 && exit 1
        rm -f etc/resolv.conf && tar -C / -xf {Archive} && systemctl daemon-reload && systemctl reset-failed
        """;

    // Tenths of a second. What is being stopped beside other work on the machine takes its time.
    private const int Tries = 300;

    private readonly HashSet<string> _mounts;
    private readonly HashSet<string> _namespaces;

    private MachineState(HashSet<string> mounts, HashSet<string> namespaces)
    {
        _mounts = mounts;
        _namespaces = namespaces;
    }

    internal static MachineState Take(Machine machine)
    {
        Run(machine, $"tar -C / -cf {Archive} {Kept}").OrThrow();
        return new MachineState(Lines(Run(machine, ListMounts)), Lines(Run(machine, ListNamespaces)));
    }

    /// <summary>A shell line that unmounts a folder once nothing uses it, and after some seconds says what does.</summary>
    internal static string Unmount(string folder) => $$"""
        n=0
        until why=$(umount '{{folder}}' 2>&1); do
            n=$((n + 1))
            if [ $n -ge {{Tries}} ]; then
                for p in /proc/[0-9]*; do
                    ! ls -l $p/cwd $p/root $p/exe $p/fd 2>/dev/null | grep -q -e '-> {{folder}}\(/\|$\)' ||
                        by="$by $(basename $p) ($(cat $p/comm))"
                done
                echo "$why; in use by:${by:- no process that has a file or a folder of it open}" >&2
                exit 1
            fi
            sleep 0.1
        done
        """;

    /// <summary>Brings it back.</summary>
    /// <returns>What could not be.</returns>
    internal IReadOnlyList<string> Restore(Machine machine)
    {
        var failures = new List<string>();
        Try("units that run", StopAll);
        foreach (var name in Lines(Run(machine, ListNamespaces)).Except(_namespaces))
        {
            Try($"network namespace {name}", $"ip netns delete '{name}'");
        }

        foreach (var mount in Lines(Run(machine, ListMounts)).Except(_mounts).OrderByDescending(m => m.Length))
        {
            Try($"mount of {mount}", Unmount(mount));
        }

        Try("files", BringBack);
        return failures;

        void Try(string what, string line)
        {
            if (Run(machine, line) is { Succeeded: false } failed)
            {
                failures.Add((failed with { Command = what }).Summary);
            }
        }
    }

    private static CommandResult Run(Machine machine, string line) => machine.Run("/bin/sh", "-c", line);

    private static HashSet<string> Lines(CommandResult result) =>
        result.OrThrow().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}
