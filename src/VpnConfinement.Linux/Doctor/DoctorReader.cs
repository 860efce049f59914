using VpnConfinement.Diagnostics;
using VpnConfinement.Doctor;
using VpnConfinement.Drift;
using VpnConfinement.Health;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Facts;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Validation;

namespace VpnConfinement.Linux.Doctor;

/// <summary>
/// Looks at all that <c>doctor</c> judges. It asks the resolvers of what was applied one question each, as <c>apply</c>
/// does, and changes nothing. A failure to look is a fact too.
/// </summary>
/// <param name="say">Takes a line for the user about what is waited for.</param>
public sealed class DoctorReader(Action<string> say)
{
    private const string SystemdRuns = "/run/systemd/system";
    private const string UnifiedGroups = "/sys/fs/cgroup/cgroup.controllers";
    private const string NoSystemd = "no systemd runs here";

    private static readonly string[] NftPrograms = ["/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft"];

    /// <summary>Looks.</summary>
    /// <param name="findings">What <c>check</c> found; null where there is no configuration.</param>
    /// <param name="files">Paths that the configuration was read from.</param>
    public DoctorFacts Read(IReadOnlyList<Diagnostic>? findings, IReadOnlyCollection<string> files)
    {
        var running = Running();

        // It waits, so that the counters of the tunnels tell more when they are read after it.
        var health = Health();
        return new DoctorFacts
        {
            Systemd = Systemd(),
            HasUnifiedGroups = Look.At(() => File.Exists(UnifiedGroups)),
            HasKernelWireGuard = Look.At(Preflight.KernelHasWireGuard),
            UserspaceWireGuard = Look.At(UserspaceProgram.Find),
            Nftables = Look.At(Nftables),
            Inotify = Look.At(InotifyReader.Read),
            Clock = Look.At(ClockReader.Read),
            Running = running,
            WgQuick = WgQuickUnits.Find(running),
            NetworkFiles = Look.At(NetworkFilesReader.Read),
            ForeignTunnels = Look.At(ForeignTunnels.Find),
            DroppingChains = Look.At(Chains),
            Namespaces = Look.At(TunnelFactsReader.Read),
            Checked = findings,
            ConfigurationFiles = files,
            Health = health,
        };
    }

    private static bool HasSystemd => Directory.Exists(SystemdRuns);

    private static Observation<SystemdFact?> Systemd() =>
        !HasSystemd ? new Observation<SystemdFact?>.Known(null)
        : Look.At(SystemdFactReader.Read) switch
        {
            Observation<SystemdFact?>.Known { Value: null } =>
                new Observation<SystemdFact?>.Unknown("'systemctl --version' does not tell"),
            var seen => seen,
        };

    private static Observation<IReadOnlyCollection<string>> Running() => HasSystemd
        ? Look.At<IReadOnlyCollection<string>>(() => Systemctl.Open().Running())
        : new Observation<IReadOnlyCollection<string>>.Unknown(NoSystemd);

    private Observation<IReadOnlyList<HealthEntry>> Health() => HasSystemd
        ? Look.At<IReadOnlyList<HealthEntry>>(() => new HealthWait(Systemctl.Open(), say).Run([]).Health)
        : new Observation<IReadOnlyList<HealthEntry>>.Unknown(NoSystemd);

    // In a netns that ends with the thread. The library itself tells no version, the program beside it does.
    private static string? Nftables()
    {
        try
        {
            NetnsThread.RunInNew(() =>
            {
                NftContext.Here().Dispose();
                return true;
            });
        }
        catch (SystemFailure e) when (e.InnerException is DllNotFoundException)
        {
            return null;
        }

        var result = Array.Find(NftPrograms, File.Exists) is { } nft ? ChildProcess.Run(nft, ["--version"], []) : null;
        return result is { Status: 0, Output: var text } && text.Split(' ') is [_, var version, ..]
            ? version.TrimStart('v')
            : "there, and nft(8) does not tell its version";
    }

    private static IReadOnlyList<string> Chains()
    {
        using var socket = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_NETFILTER);
        return DroppingChains.List(socket);
    }
}
