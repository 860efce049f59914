using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Namespaces;

/// <summary>
/// Runs code inside a netns on a thread of its own, which then ends: setns(2) moves one thread, and threads made by one that moved
/// begin where it is. The code must be synchronous and start neither thread nor task. Sockets opened there stay there.
/// </summary>
internal static class NetnsThread
{
    private const int MeanwhileMilliseconds = 10;

    /// <summary>Runs code inside the given netns; its exception is thrown here.</summary>
    /// <exception cref="SystemFailure">The kernel has no thread to give.</exception>
    internal static T Run<T>(SafeFileHandle netns, Func<T> work) => OnThread(() => Kernel.EnterNetns(netns), work);

    /// <summary>Runs code inside a new netns, which lives on only by what the code keeps of it.</summary>
    internal static T RunInNew<T>(Func<T> work) => OnThread(Kernel.UnshareNetns, work);

    /// <summary>Runs code inside the mount namespace of a process, from its root folder. A file opened before stays the caller's.</summary>
    /// <param name="mounts">The mount namespace.</param>
    /// <param name="patience">How long it may take: a file system in it may be one that does not answer.</param>
    /// <param name="work">The code.</param>
    /// <param name="meanwhile">Runs on the caller's thread over and over while it is waited for; it throws nothing.</param>
    /// <exception cref="TimeoutException">It takes longer, and goes on.</exception>
    internal static T RunInMounts<T>(SafeFileHandle mounts, TimeSpan patience, Func<T> work, Action meanwhile) =>
        OnThread(() => KernelMounts.Enter(mounts), work, thread => Join(thread, patience, meanwhile));

    private static bool Join(Thread thread, TimeSpan patience, Action meanwhile)
    {
        var end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (!thread.Join(MeanwhileMilliseconds))
        {
            meanwhile();
            if (Environment.TickCount64 >= end)
            {
                return false;
            }
        }

        return true;
    }

    private static T OnThread<T>(Action enter, Func<T> work, Func<Thread, bool>? wait = null)
    {
        var result = default(T);
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                enter();
                result = work();
            }
            catch (Exception e) // carried to the caller's thread whole; unhandled here it would end the process
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        {
            IsBackground = true,
            Name = "netns",
        };
        try
        {
            thread.Start();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            throw new SystemFailure($"cannot start a thread: {e.Message}", "free memory, or raise the limit of tasks, then run this again", e);
        }

        if (wait is null)
        {
            thread.Join();
        }
        else if (!wait(thread))
        {
            throw new TimeoutException("it takes too long");
        }

        failure?.Throw();
        return result!;
    }
}
