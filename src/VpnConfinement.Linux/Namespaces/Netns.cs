using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Plan;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Namespaces;

/// <summary>
/// Named network namespaces as <c>ip netns</c> has them, each of ours with a marker that holds its identity. The marker is written
/// before the mount and removed after it, so that a run that was cut short never leaves a netns of ours that looks like someone else's.
/// </summary>
internal static class Netns
{
    private const string Folder = "/run/netns";

    /// <summary>What is at the name now; what it is may come or go meanwhile.</summary>
    internal static NetnsState Observe(string name)
    {
        var path = StateLayout.Netns(name);
        while (true)
        {
            using var place = TryFind(path);
            if (place is null)
            {
                return new NetnsState.Absent();
            }

            if (!IsNetns(place))
            {
                return Kernel.Identify(place) is { IsRegular: true, Size: 0 } ? new NetnsState.Absent() : new NetnsState.Foreign($"{path} exists and is no network namespace; remove it");
            }

            var identity = NetnsIdentity.Of(place);
            var handle = Reopen(place);
            if (ReadMarker(name) == identity && HasCookie(name, handle))
            {
                return new NetnsState.Ours(handle, identity);
            }

            // A deletion takes the name away first and the marker after it: what is not there any more was not somebody else's.
            handle.Dispose();
            if (IsAt(path, identity))
            {
                return new NetnsState.Foreign(
                    $"{path} is a network namespace that vpn-confinement did not make; remove it with 'ip netns delete {name}' or use another name");
            }
        }
    }

    /// <summary>Opens the netns of that name, whoever made it; null where there is none.</summary>
    internal static SafeFileHandle? Find(string name)
    {
        using var place = TryFind(StateLayout.Netns(name));
        return place is not null && IsNetns(place) ? Reopen(place) : null;
    }

    /// <summary>Opens a namespace of ours.</summary>
    /// <exception cref="SystemFailure">There is none, or it is not ours.</exception>
    internal static SafeFileHandle Open(string name) => Observe(name) switch
    {
        NetnsState.Ours ours => ours.Handle,
        NetnsState.Foreign foreign => throw new SystemFailure(foreign.Reason),
        _ => throw new SystemFailure($"namespace {name} is not up; start {StateLayout.NetnsUnit(name)}"),
    };

    /// <summary>Makes a namespace where there is none; a leftover plain file is taken over.</summary>
    internal static SafeFileHandle Create(string name)
    {
        AtomicFile.CreateFolder(Folder);
        using var held = OwnLock.Take(StateLayout.NamesLock, $"lock {StateLayout.NamesLock}");
        NetnsFolder.MakeShared(Folder);
        var path = StateLayout.Netns(name);
        Kernel.TryUnlink(path);
        Kernel.Open(path, O_RDONLY | O_CREAT | O_EXCL).Dispose();
        try
        {
            return NetnsThread.RunInNew(() => Name(name, path));
        }
        catch (SystemFailure)
        {
            Kernel.TryUnlink(path);
            DeleteMarker(name);
            throw;
        }
    }

    /// <summary>Unmounts and removes the name, then the marker. A netns with users lives on without a name.</summary>
    /// <exception cref="SystemFailure">What is there is not ours.</exception>
    internal static void Delete(string name)
    {
        var path = StateLayout.Netns(name);
        while (Observe(name) is NetnsState.Ours ours)
        {
            ours.Handle.Dispose();
            if (!Kernel.TryUnmount(path))
            {
                break;
            }
        }

        switch (Observe(name))
        {
            case NetnsState.Foreign foreign:
                throw new SystemFailure(foreign.Reason);
            case NetnsState.Ours ours:
                ours.Handle.Dispose();
                throw new SystemFailure($"cannot unmount {path}: it is still mounted");
            case NetnsState.Absent:
                Kernel.TryUnlink(path);
                DeleteMarker(name);
                break;
        }
    }

    /// <summary>Marks the calling thread's new netns as ours and mounts it on its name.</summary>
    private static SafeFileHandle Name(string name, string path)
    {
        // thread-self: "self" is the main thread, which is still in the host's netns.
        var handle = Kernel.Open("/proc/thread-self/ns/net", O_RDONLY);
        try
        {
            if (KernelSocket.NetnsCookie() is { } cookie)
            {
                Files.AtomicFile.Write(StateLayout.NetnsCookie(name), $"{cookie}\n");
            }

            Files.AtomicFile.Write(StateLayout.NetnsMarker(name), $"{NetnsIdentity.Of(handle)}\n");
            Kernel.Mount("/proc/thread-self/ns/net", path, MS_BIND, $"name the network namespace {name}");
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether the netns has the cookie that was written down. An inode is soon used again, so one that someone made after ours was
    /// deleted could pass for ours by its inode alone.
    /// </summary>
    private static bool HasCookie(string name, SafeFileHandle handle) =>
        Files.StateFile.Read(StateLayout.NetnsCookie(name)) is not { } text
        || text.TrimEnd('\n') == NetnsThread.Run(handle, KernelSocket.NetnsCookie)?.ToString(CultureInfo.InvariantCulture);

    private static bool IsAt(string path, NetnsIdentity identity)
    {
        using var place = TryFind(path);
        return place is not null && IsNetns(place) && NetnsIdentity.Of(place) == identity;
    }

    // What was found stays what it is, while a path may lead to something else with each look. The plain file below is one that units may not read.
    private static SafeFileHandle? TryFind(string path)
    {
        try
        {
            return Kernel.Open(path, O_PATH);
        }
        catch (SystemFailure e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    private static SafeFileHandle Reopen(SafeFileHandle place) => Kernel.Open($"/proc/thread-self/fd/{place.DangerousGetHandle()}", O_RDONLY);

    private static bool IsNetns(SafeFileHandle place) => Kernel.FileSystemType(place) == NSFS_MAGIC;

    private static void DeleteMarker(string name)
    {
        Kernel.TryUnlink(StateLayout.NetnsMarker(name));
        Kernel.TryUnlink(StateLayout.NetnsCookie(name));
    }

    private static NetnsIdentity? ReadMarker(string name) =>
        Files.StateFile.Read(StateLayout.NetnsMarker(name)) is { } text && NetnsIdentity.TryParse(text, out var identity) ? identity : null;
}
