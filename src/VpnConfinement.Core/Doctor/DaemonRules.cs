using VpnConfinement.Drift;
using VpnConfinement.Plan;

namespace VpnConfinement.Doctor;

/// <summary>Daemons of the host that take links, rulesets or keys of ours.</summary>
internal static class DaemonRules
{
    private const string Networkd = "systemd-networkd.service";
    private const string NftablesService = "nftables.service";
    private const string WgQuickStart = "wg-quick@";
    private const string WgQuickEnd = ".service";

    internal static IEnumerable<DoctorFinding> Find(DoctorFacts facts)
    {
        var running = (facts.Running as Observation<IReadOnlyCollection<string>>.Known)?.Value ?? [];
        return [.. TakenLinks(facts, running), .. Flush(running), .. SameFiles(facts)];
    }

    private static IEnumerable<DoctorFinding> TakenLinks(DoctorFacts facts, IReadOnlyCollection<string> running)
    {
        if (!running.Contains(Networkd)
            || facts.NetworkFiles is not Observation<IReadOnlyList<NetworkFile>>.Known { Value: var files }
            || facts.Namespaces is not Observation<IReadOnlyList<NamespaceFacts>>.Known { Value: var applied })
        {
            yield break;
        }

        foreach (var ns in applied)
        {
            if (ns.HostLink is { } link && NetworkFileMatch.Taking(files, link) is { } file)
            {
                yield return new DoctorFinding(
                    "networkd-takes-link",
                    DoctorSeverity.Error,
                    ns.Name,
                    $"systemd-networkd configures the host link {link} of namespace {ns.Name} as {file.Path} says. "
                        + "It drops the link's address, and the published ports are cut off.",
                    files.Any(f => f.Path == StateLayout.NetworkdFile)
                        ? $"Rename {file.Path} so that its name comes after 05-vpn-confinement.network, "
                            + "then run 'networkctl reload'."
                        : $"Run 'vpn-confinement apply', which writes {StateLayout.NetworkdFile}, "
                            + "then 'networkctl reload'.");
            }
        }
    }

    private static IEnumerable<DoctorFinding> Flush(IReadOnlyCollection<string> running)
    {
        if (running.Contains(NftablesService))
        {
            yield return new DoctorFinding(
                "ruleset-flushed",
                DoctorSeverity.Notice,
                null,
                $"{NftablesService} is up. Its start, reload and stop delete the tables that guard the host links, "
                    + "until the watcher loads them again.",
                "Reload single tables with 'nft -f FILE', and leave 'flush ruleset' out of that file.");
        }
    }

    private static IEnumerable<DoctorFinding> SameFiles(DoctorFacts facts)
    {
        foreach (var unit in (facts.WgQuick as Observation<IReadOnlyList<string>>.Known)?.Value ?? [])
        {
            var file = $"/etc/wireguard/{unit[WgQuickStart.Length..^WgQuickEnd.Length]}.conf";
            if (facts.ConfigurationFiles.Contains(file))
            {
                yield return new DoctorFinding(
                    "wg-quick-same-file",
                    DoctorSeverity.Error,
                    null,
                    $"{unit} brings up {file} on the host, and the configuration makes a tunnel of it too. "
                        + "Two tunnels with one key take the server's answers from each other.",
                    $"Run 'systemctl disable --now {unit}'.");
            }
        }
    }
}
