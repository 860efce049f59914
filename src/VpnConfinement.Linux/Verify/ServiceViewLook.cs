using VpnConfinement.Drift;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Gate;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Watch;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Verify;

/// <summary>
/// Looks what a running service sees now, in its own mount namespaces: a fresh copy of the unit would see what the unit
/// says, and not what became of it since.
/// </summary>
/// <param name="plan">The plan of the namespace.</param>
/// <param name="netns">Its netns.</param>
internal sealed class ServiceViewLook(NamespacePlan plan, NetnsIdentity netns)
{
    // More mount namespaces of one service are its own making.
    private const int Bound = 16;

    // Processes of one of them that may end while they are looked at.
    private const int Tries = 8;

    // A file system that a service has in its folders may be one that does not answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Looks, once in each mount namespace.</summary>
    /// <param name="unit">The unit's full name.</param>
    /// <param name="pids">Its processes.</param>
    /// <param name="gate">The words of its start gate: what is pinned and hidden.</param>
    internal IReadOnlyList<ServiceView> At(string unit, IReadOnlyList<int> pids, string gate)
    {
        if (plan.PinnedFiles.Count == 0)
        {
            return [];
        }

        var found = pids.Select(pid => (Pid: pid, Mounts: ServiceMounts.InodeOf(pid))).ToList();
        var places = found.Where(p => p.Mounts is not null).GroupBy(p => p.Mounts, p => p.Pid).ToList();

        // The first thread has ended, and the others go on.
        var unplaced = found.Where(p => p.Mounts is null && !(ProcessNetns.Of(p.Pid, out var ended) is null && ended))
            .Take(1).Select(p => new ServiceView(
                unit, p.Pid, new Observation<IReadOnlyList<string>>.Unknown("its mount namespace cannot be told")));
        var isRunPrivate = gate.Contains(GateWords.PrivateRun, StringComparison.Ordinal);
        var isIpcAllowed = gate.Contains(GateWords.HostResolverIpc, StringComparison.Ordinal);
        return
        [
            .. places.Take(Bound).Select(p => p.Take(Tries).Select(pid => Living(unit, pid, isRunPrivate, isIpcAllowed))
                .FirstOrDefault(view => view is not null)).OfType<ServiceView>(),
            .. places.Skip(Bound).Take(1).Select(p => new ServiceView(
                unit,
                p.First(),
                new Observation<IReadOnlyList<string>>.Unknown($"there are more than {Bound} mount namespaces"))),
            .. unplaced,
        ];
    }

    // Null for a process that ended meanwhile: it sees nothing any more, and another one may be in the same place.
    private ServiceView? Living(string unit, int pid, bool isRunPrivate, bool isIpcAllowed)
    {
        var seen = See(pid, isRunPrivate, isIpcAllowed);
        return seen is Observation<IReadOnlyList<string>>.Unknown && ServiceMounts.InodeOf(pid) is null
            ? null : new ServiceView(unit, pid, seen);
    }

    private Observation<IReadOnlyList<string>> See(int pid, bool isRunPrivate, bool isIpcAllowed) => Look.At(() =>
    {
        var mounts = Kernel.Open($"/proc/{pid}/ns/mnt", LibcConstants.O_RDONLY);
        var identity = Kernel.Identify(mounts).Inode;
        if (identity == ServiceMounts.InodeOf(1) || identity == ServiceMounts.InodeOf(Environment.ProcessId))
        {
            mounts.Dispose();
            return ["the folders of the host: it is in the host's mount namespace"];
        }

        if (!MountOwner.IsSystemd(mounts))
        {
            mounts.Dispose();
            throw new SystemFailure("it is in a mount namespace of the service's own making, which is never entered");
        }

        // A number may be another process's by now.
        if (ProcessNetns.Of(pid, out _) != netns)
        {
            mounts.Dispose();
            throw new SystemFailure("it is in another network namespace, or has ended");
        }

        var seen = Enter(mounts, isRunPrivate, isIpcAllowed);
        return seen.Count == 0 || !StartingProcess.IsLikely(pid) ? seen
            : throw new SystemFailure("systemd still prepares it, and has not put its files in place");
    });

    private IReadOnlyList<string> Enter(
        Microsoft.Win32.SafeHandles.SafeFileHandle mounts, bool isRunPrivate, bool isIpcAllowed)
    {
        var wanted = plan.PinnedFiles.Select(f => (f.Target, Source: Kernel.Identify(f.Source))).ToList();
        try
        {
            IReadOnlyList<string> seen = NetnsThread.RunInMounts<IReadOnlyList<string>>(
                mounts,
                Patience,
                () =>
                [
                    .. wanted.Where(w => !w.Source.IsSameAs(Kernel.IdentifyTarget(w.Target)))
                        .Select(w => $"{w.Target} that is not the pinned one{Servers(w.Target)}"),
                    .. isRunPrivate ? HiddenSockets.Reachable(isIpcAllowed).Select(p => $"{p} of the host") : [],
                ],
                () => { });
            mounts.Dispose();
            return seen;
        }
        catch (TimeoutException e)
        {
            // The thread that is in it still has the handle.
            throw new SystemFailure($"a file system of it does not answer within {Patience.TotalSeconds} s", e);
        }
        catch (SystemFailure)
        {
            mounts.Dispose();
            throw;
        }
    }

    // Whom it would ask, as evidence; what cannot be read is none.
    private static string Servers(string path)
    {
        try
        {
            return path != "/etc/resolv.conf" || StateFile.Read(path) is not { } text ? ""
                : Lookups.ResolvConf.Parse(text) is [_, ..] servers ? $" (it names {string.Join(", ", servers)})" : "";
        }
        catch (SystemFailure)
        {
            return "";
        }
    }
}
