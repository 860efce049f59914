using System.Globalization;
using System.Net;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;

namespace VpnConfinement.Linux.Apply;

/// <summary>In which network namespace the sockets are that systemd listens with (proc_pid_net(5), proc_pid_fd(5)).</summary>
internal static class ListeningSockets
{
    private const int AddressColumn = 1;
    private const int InodeColumn = 9;

    /// <summary>Whether process 1 has a socket at that place in the netns of the given name.</summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <param name="netns">Its netns as it was found, or null while it is down.</param>
    /// <param name="listen">A place as systemd writes it: <c>[::]:8080 (Stream)</c>.</param>
    /// <returns>True for a place that is in no network (a path); null for one that cannot be told.</returns>
    /// <exception cref="SystemFailure">The netns could not be entered.</exception>
    internal static bool? IsListening(string ns, NetnsIdentity? netns, string listen)
    {
        var (address, kind) = Split(listen);
        if (address.StartsWith('/'))
        {
            return true;
        }

        if (kind is not ("Stream" or "Datagram") || !IPEndPoint.TryParse(address, out var place))
        {
            return null;
        }

        return netns is not null && Rows(ns, place, kind).Intersect(HeldByInit()).Any();
    }

    /// <summary>A local address as the kernel's tables have it: each 32-bit word in the machine's own byte order, then the port.</summary>
    internal static string KernelText(IPEndPoint place)
    {
        var bytes = place.Address.GetAddressBytes();
        var words = Enumerable.Range(0, bytes.Length / 4).Select(i => BitConverter.ToUInt32(bytes, 4 * i).ToString("X8", CultureInfo.InvariantCulture));
        return $"{string.Concat(words)}:{place.Port:X4}";
    }

    private static (string Address, string Kind) Split(string listen)
    {
        var space = listen.LastIndexOf(" (", StringComparison.Ordinal);
        return space < 0 ? (listen, "") : (listen[..space], listen[(space + 2)..].TrimEnd(')'));
    }

    // Read by the thread that is inside: the tables are those of whoever opens them.
    private static string[] Rows(string ns, IPEndPoint place, string kind)
    {
        var table = (kind is "Stream" ? "tcp" : "udp") + (place.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6 ? "6" : "");
        var text = KernelText(place);
        using var netns = Netns.Open(ns);
        return NetnsThread.Run(netns, () => KernelFile.ReadLines($"/proc/thread-self/net/{table}").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(row => row.Length > InodeColumn && row[AddressColumn] == text)
            .Select(row => $"socket:[{row[InodeColumn]}]").ToArray());
    }

    private static IEnumerable<string> HeldByInit() => Directory.EnumerateFiles("/proc/1/fd").Select(Target).OfType<string>();

    // A descriptor may be closed between its listing and its reading.
    private static string? Target(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
