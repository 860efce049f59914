using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Watch;

/// <summary>The mount namespace of a process of a confined service, and the resolver files that have to be pinned in it.</summary>
/// <param name="unit">The service.</param>
/// <param name="pid">A process of it.</param>
/// <param name="identity">Inode of the mount namespace.</param>
/// <param name="mountInfo">Its list of mounts, for poll(2).</param>
internal sealed class ServiceMounts(string unit, int pid, ulong identity, SafeFileHandle mountInfo) : IDisposable
{
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

    /// <summary>Pins what is not pinned any more (docs/adr/0013).</summary>
    /// <param name="files">The files.</param>
    /// <param name="netns">The netns that the process has to be in: a pid may be somebody else's by now.</param>
    /// <returns>The files that were pinned anew.</returns>
    /// <exception cref="SystemFailure">The kernel refused; lookups are blocked meanwhile.</exception>
    internal IReadOnlyList<PinnedFile> Pin(IReadOnlyList<PinnedFile> files, NetnsIdentity netns)
    {
        using var mounts = Open(netns);
        if (mounts is null)
        {
            return [];
        }

        IsIncomplete = true;
        var sources = files.Select(f => (File: f, Source: Kernel.Identify(f.Source))).ToList();
        var lost = NetnsThread.RunInMounts(mounts, () => sources.Where(s => !s.Source.IsSameAs(Kernel.IdentifyTarget(s.File.Target))).Select(s => s.File).ToList());
        foreach (var file in lost)
        {
            using var mount = Kernel.DetachedMount(file.Source);
            NetnsThread.RunInMounts(mounts, () =>
            {
                Kernel.Attach(mount, file.Target);
                return true;
            });
        }

        IsIncomplete = IsTold = false;
        return lost;
    }

    /// <inheritdoc/>
    public void Dispose() => mountInfo.Dispose();

    // Never the host's, nor the watcher's own where that is another: our mount would hide its file from everybody.
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

        if (Kernel.Identify(mounts).Inode == identity && identity != InodeOf(1) && identity != InodeOf(Environment.ProcessId) && ProcessNetns.Of(pid, out _) == netns)
        {
            return mounts;
        }

        mounts.Dispose();
        return null;
    }
}
