using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink.WireGuard;

namespace VpnConfinement.Linux.Runtime;

/// <summary>wireguard-go, the WireGuard in userspace: where it is, and how it is started. It ends by itself when its link is deleted.</summary>
internal static class UserspaceProgram
{
    /// <summary>The file name of the program.</summary>
    internal const string Name = "wireguard-go";

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(15);

    // Fixed: a search by PATH, or from the current folder, could find something else.
    private static readonly string[] Folders =
        ["/usr/bin", "/usr/local/bin", "/usr/sbin", "/usr/local/sbin", "/bin", "/sbin", "/run/current-system/sw/bin"];

    /// <summary>The absolute path of wireguard-go, or null.</summary>
    internal static string? Find() => Folders.Select(folder => $"{folder}/{Name}").FirstOrDefault(IsExecutable);

    /// <summary>Starts it in the foreground, in a session of its own, and waits until it can be configured.</summary>
    /// <param name="path">What <see cref="Find"/> returned.</param>
    /// <param name="name">Name of the link it makes.</param>
    /// <param name="birthplace">The netns in which it makes the link, and in which it and its UDP socket stay.</param>
    /// <returns>Its process id.</returns>
    internal static int Start(string path, string name, SafeFileHandle birthplace)
    {
        var keepError = IsJournal();

        // A process begins in the netns of the thread that starts it.
        var pid = NetnsThread.Run(birthplace, () => ChildProcess.Start(
            path, ["-f", name], ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD=1"], keepError));
        try
        {
            WaitUntilReady(pid, path, name);
            return pid;
        }
        catch (SystemFailure)
        {
            ChildProcess.Kill(pid);
            throw;
        }
    }

    private static void WaitUntilReady(int pid, string path, string name)
    {
        var end = Environment.TickCount64 + (long)StartTime.TotalMilliseconds;
        while (!UserspaceWireGuard.IsAlive(name))
        {
            if (ChildProcess.HasEnded(pid))
            {
                throw new SystemFailure($"{path} ended before it could be configured; is /dev/net/tun there and allowed?");
            }

            if (Environment.TickCount64 > end)
            {
                throw new SystemFailure(string.Create(
                    CultureInfo.InvariantCulture, $"{path} could not be configured within {StartTime.TotalSeconds} seconds"));
            }

            Thread.Sleep(2);
        }
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    /// <summary>
    /// Whether our standard error is the journal (systemd.exec(5), JOURNAL_STREAM). Anything else may be a pipe whose reader would wait
    /// for as long as the tunnel lives.
    /// </summary>
    private static bool IsJournal()
    {
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not { } expected)
        {
            return false;
        }

        using var error = new SafeFileHandle(2, ownsHandle: false);
        var file = Kernel.Identify(error);
        return expected == string.Create(CultureInfo.InvariantCulture, $"{file.Device}:{file.Inode}");
    }
}
