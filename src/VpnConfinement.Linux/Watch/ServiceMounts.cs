using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// A mount namespace that systemd made for a confined service, and the resolver files that have to be pinned in it.
/// </summary>
/// <param name="unit">The service.</param>
/// <param name="pid">A process of it.</param>
/// <param name="identity">Inode of the mount namespace.</param>
/// <param name="mountInfo">Its list of mounts, for poll(2); it is never read.</param>
internal sealed class ServiceMounts(string unit, int pid, ulong identity, SafeFileHandle mountInfo) : IDisposable
{
    // A file system that a service has in its folders may be one that does not answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The service.</summary>
    internal string Unit => unit;

    /// <summary>Inode of the mount namespace.</summary>
    internal ulong Identity => identity;

    /// <summary>For poll(2).</summary>
    internal SafeFileHandle MountInfo => mountInfo;

    /// <summary>Whether a file could not be pinned at the last try.</summary>
    internal bool IsIncomplete { get; private set; }

    /// <summary>Whether that was told.</summary>
    internal bool IsTold { get; set; }

    /// <summary>Whether a look into it did not end: it is not entered again.</summary>
    internal bool IsStuck { get; private set; }

    /// <summary>Whether the process that it was found by is still in it.</summary>
    internal bool IsThere => InodeOf(pid) == identity;

    /// <summary>The inode of a process's mount namespace, or null where it cannot be told: the process is ending, or gone.</summary>
    internal static ulong? InodeOf(int pid)
    {
        try
        {
            return Kernel.IdentifyTarget($"/proc/{pid}/ns/mnt")?.Inode;
        }
        catch (SystemFailure)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether a process is in a mount namespace that may be entered; null where it cannot be told, because the process
    /// is ending, or gone.
    /// </summary>
    internal static bool? IsSystemds(int pid)
    {
        try
        {
            using var mounts = Kernel.Open($"/proc/{pid}/ns/mnt", LibcConstants.O_RDONLY);
            return MountOwner.IsSystemd(mounts);
        }
        catch (SystemFailure)
        {
            return null;
        }
    }

    /// <summary>Pins what is not pinned any more (docs/adr/0013).</summary>
    /// <param name="files">The files.</param>
    /// <param name="netns">The netns that the process has to be in: a pid may be somebody else's by now.</param>
    /// <param name="tend">Runs while a file system is waited for.</param>
    /// <returns>The files that were pinned anew.</returns>
    /// <exception cref="SystemFailure">
    /// The kernel refused, or did not answer; lookups are blocked meanwhile.
    /// </exception>
    internal IReadOnlyList<PinnedFile> Pin(IReadOnlyList<PinnedFile> files, NetnsIdentity netns, Action tend)
    {
        var mounts = IsStuck ? null : Open(netns);
        if (mounts is null)
        {
            return [];
        }

        IsIncomplete = true;
        try
        {
            var lost = Lost(mounts, files, tend);
            lost.ForEach(file => Attach(mounts, file, tend));
            IsIncomplete = IsTold = false;
            mounts.Dispose();
            return lost;
        }
        catch (TimeoutException e)
        {
            // The thread that is in it still has the handle.
            IsStuck = true;
            IsIncomplete = false;
            throw new SystemFailure(
                $"a file system of {unit} does not answer within {Patience.TotalSeconds} s, so it is not looked at until "
                    + "it is started anew",
                e);
        }
        catch (SystemFailure)
        {
            mounts.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => mountInfo.Dispose();

    private static List<PinnedFile> Lost(SafeFileHandle mounts, IReadOnlyList<PinnedFile> files, Action tend)
    {
        var sources = files.Select(f => (File: f, Source: Kernel.Identify(f.Source))).ToList();
        return NetnsThread.RunInMounts(
            mounts,
            Patience,
            () => sources.Where(s => !s.Source.IsSameAs(Kernel.IdentifyTarget(s.File.Target)))
                .Select(s => s.File).ToList(),
            tend);
    }

    private static void Attach(SafeFileHandle mounts, PinnedFile file, Action tend)
    {
        using var mount = KernelMounts.DetachedMount(file.Source);
        NetnsThread.RunInMounts(
            mounts,
            Patience,
            () =>
            {
                KernelMounts.Attach(mount, file.Target);
                return true;
            },
            tend);
    }

    // Never the host's, nor the watcher's own where that is another: our mount would hide its file from everybody.
    // Never one that a user namespace of the service owns: what is mounted in it is the service's affair, and root does
    // not go where the service lays the ways.
    private SafeFileHandle? Open(NetnsIdentity netns)
    {
        SafeFileHandle mounts;
        try
        {
            mounts = Kernel.Open($"/proc/{pid}/ns/mnt", LibcConstants.O_RDONLY);
        }
        catch (SystemFailure) when (InodeOf(pid) is null)
        {
            return null;
        }

        if (Kernel.Identify(mounts).Inode == identity && MountOwner.IsSystemd(mounts)
            && identity != InodeOf(1) && identity != InodeOf(Environment.ProcessId)
            && ProcessNetns.Of(pid, out _) == netns)
        {
            return mounts;
        }

        mounts.Dispose();
        return null;
    }
}
