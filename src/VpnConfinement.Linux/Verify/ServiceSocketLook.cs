using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Parts;

namespace VpnConfinement.Linux.Verify;

/// <summary>
/// Looks in which netns the sockets of a service were made: there they stay, wherever the service is. Sockets of
/// AF_UNIX are left out: each service has some of the host's, to the journal.
/// </summary>
internal static class ServiceSocketLook
{
    // Descriptors of one service that are looked at; more are told.
    private const int Bound = 16384;

    private const string Ring = "anon_inode:[io_uring]";

    /// <summary>Looks.</summary>
    /// <param name="unit">The unit's full name.</param>
    /// <param name="pids">Its processes.</param>
    /// <param name="netns">The netns in which the sockets have to be made.</param>
    /// <param name="stored">How many descriptors systemd keeps for it.</param>
    internal static ServiceSockets At(string unit, IReadOnlyList<int> pids, NetnsIdentity? netns, string? stored)
    {
        var unseen = new List<string>();
        var left = Bound;
        var sockets = Look.At<IReadOnlyList<ServiceSocket>>(
            () => [.. pids.SelectMany(pid => OfProcess(unit, pid, unseen, ref left))]);
        if (left <= 0)
        {
            unseen.Add(string.Create(
                CultureInfo.InvariantCulture, $"{unit} has more than {Bound} descriptors, and not all were looked at"));
        }

        if (stored is not (null or "" or "0"))
        {
            unseen.Add($"systemd keeps {stored} descriptors for {unit}, which cannot be looked at");
        }

        return new ServiceSockets(unit, netns?.ToString(), sockets, [.. unseen.Distinct(StringComparer.Ordinal)]);
    }

    private static List<ServiceSocket> OfProcess(string unit, int pid, List<string> unseen, ref int left)
    {
        var found = new List<ServiceSocket>();
        if (left <= 0)
        {
            return found;
        }

        using var process = KernelProcess.TryOpen(pid);
        if (process is null)
        {
            return found;
        }

        if (ProcessNetns.OfEachThread(pid).Select(t => t.Thread)
            .Any(thread => thread != pid && KernelProcess.SharesFiles(pid, thread) == false))
        {
            unseen.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"a thread of process {pid} of {unit} has descriptors of its own, which were not looked at"));
        }

        foreach (var (descriptor, target) in Descriptors(pid))
        {
            if (--left <= 0)
            {
                break;
            }

            if (target == Ring)
            {
                OfRing(unit, pid, descriptor, unseen);
            }
            else if (target.StartsWith("socket:", StringComparison.Ordinal)
                && OfSocket(process, pid, descriptor) is { } socket)
            {
                found.Add(socket);
            }
        }

        return found;
    }

    private static IEnumerable<(int Descriptor, string Target)> Descriptors(int pid)
    {
        string[] links;
        try
        {
            links = [.. Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Take(Bound)];
        }
        catch (Exception e) when ((e is IOException or UnauthorizedAccessException) && HasEnded(pid))
        {
            yield break;
        }

        foreach (var link in links)
        {
            // Null on any error: of a descriptor that was closed meanwhile, and of one that may not be read.
            if ((new FileInfo(link).LinkTarget ?? new FileInfo(link).LinkTarget) is { } target)
            {
                var number = int.Parse(Path.GetFileName(link), NumberStyles.None, CultureInfo.InvariantCulture);
                yield return (number, target);
            }
            else if (Kernel.IsThere(link))
            {
                throw new SystemFailure($"{link} cannot be read");
            }
        }
    }

    private static bool HasEnded(int pid) => ProcessNetns.Of(pid, out var ended) is null && ended;

    // Null for one of AF_UNIX, and for one that is closed by now.
    private static ServiceSocket? OfSocket(SafeFileHandle process, int pid, int descriptor)
    {
        try
        {
            using var socket = KernelProcess.TryTake(process, descriptor);
            if (socket is null)
            {
                return null;
            }

            var family = KernelSocket.FamilyOf(socket);
            if (family == LibcConstants.AF_UNIX)
            {
                return null;
            }

            using var netns = KernelProcess.NetnsOf(socket);
            var place = NetnsIdentity.Of(netns).ToString();
            return new ServiceSocket(pid, descriptor, place, $"a socket ({Family(family)})");
        }
        catch (SystemFailure e)
        {
            return new ServiceSocket(pid, descriptor, null, e.Message);
        }
    }

    // Sockets that are registered with a ring are in no list of descriptors (io_uring_register(2)).
    private static void OfRing(string unit, int pid, int descriptor, List<string> unseen)
    {
        try
        {
            // How the files are called differs between kernels, and a busy ring lists none: only a zero proves it.
            if (!KernelFile.ReadLines($"/proc/{pid}/fdinfo/{descriptor}")
                .Contains("UserFiles:\t0", StringComparer.Ordinal))
            {
                unseen.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"process {pid} of {unit} may have sockets registered with io_uring, which cannot be looked at"));
            }
        }
        catch (SystemFailure e)
        {
            unseen.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the io_uring of process {pid} of {unit} cannot be looked at: {e.Message}"));
        }
    }

    private static string Family(int family) => family switch
    {
        LibcConstants.AF_INET => "IPv4",
        LibcConstants.AF_INET6 => "IPv6",
        LibcConstants.AF_NETLINK => "netlink",
        LibcConstants.AF_PACKET => "packets",
        _ => string.Create(CultureInfo.InvariantCulture, $"address family {family}"),
    };
}
