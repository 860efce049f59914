using System.Globalization;
using System.Text;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink.WireGuard;
using static VpnConfinement.Linux.Interop.LibcConstants;

namespace VpnConfinement.Linux.Runtime;

/// <summary>
/// The end of a userspace WireGuard whose link was deleted. It ends by itself then, but one that a run which was cut short had only
/// just started has no link yet and would make it later: it is found by the unique name among its arguments.
/// </summary>
internal static class UserspaceEnd
{
    private const int Patience = 3000; // milliseconds

    /// <summary>Waits until it has gone, ends it where it does not go, and removes a socket that it left.</summary>
    /// <exception cref="SystemFailure">It cannot be ended.</exception>
    internal static void Ensure(string name)
    {
        _ = Wait(() => !UserspaceWireGuard.IsAlive(name));
        foreach (var pid in Processes(name))
        {
            ChildProcess.Kill(pid);
        }

        if (!Wait(() => Processes(name).Count == 0))
        {
            throw new SystemFailure($"the userspace WireGuard {name} cannot be ended");
        }

        Kernel.TryUnlink(UserspaceWireGuard.SocketPath(name));
    }

    private static bool Wait(Func<bool> done)
    {
        var end = Environment.TickCount64 + Patience;
        while (!done())
        {
            if (Environment.TickCount64 > end)
            {
                return false;
            }

            Thread.Sleep(2);
        }

        return true;
    }

    /// <summary>Processes of root that are such a program and have the name as their last argument. One that has ended has no arguments.</summary>
    private static List<int> Processes(string name) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && IsProgram(pid, name)),
    ];

    private static bool IsProgram(int pid, string name)
    {
        try
        {
            using var handle = Kernel.Open($"/proc/{pid}/cmdline", O_RDONLY);
            Span<byte> text = stackalloc byte[512];
            text = text[..RandomAccess.Read(handle, text, 0)];
            return text.EndsWith(Encoding.ASCII.GetBytes($"\0{name}\0"))
                && Kernel.Identify(handle).Uid == 0
                && Path.GetFileName(Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)])) == UserspaceProgram.Name;
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
        {
            return false; // it has ended meanwhile
        }
    }
}
