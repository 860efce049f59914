using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>The table in the birthplace by which a tunnel's packets go to its peers' endpoints and nowhere else: there before the link, gone after it.</summary>
public static class EndpointPin
{
    /// <summary>Loads the table, unless the kernel still has it.</summary>
    /// <exception cref="SystemFailure">There is no birthplace, or the kernel refused.</exception>
    public static void Up(NamespacePlan plan, Action<string> log)
    {
        var pinning = plan.Pinning ?? throw new SystemFailure($"the plan of namespace {plan.Namespace} pins no endpoints; run 'vpn-confinement apply'");
        using var held = NamespaceLock.Take(plan.Namespace);
        using var birthplace = BirthplaceNetns.Open(plan);
        if (Place(plan.Namespace) is { } before && before != birthplace.Name)
        {
            Delete(plan.Namespace, before, pinning.Table);
        }

        AtomicFile.Write(StateLayout.PinPlace(plan.Namespace), birthplace.Name + "\n");
        if (NetnsThread.Run(birthplace.Handle, () => OwnTables.Pinning(plan, pinning).Ensure(static _ =>
            { })))
        {
            log($"loaded table inet {pinning.Table}, which pins the endpoints");
        }
    }

    /// <summary>Deletes the table; absent is fine. Needs no plan: what a damaged or missing plan loaded has to go as well.</summary>
    /// <exception cref="SystemFailure">The link is still there, and the table is kept; or the kernel refused.</exception>
    public static void Down(NamespaceName name, Action<string> log)
    {
        var ns = name.ToString();
        using var held = NamespaceLock.Take(ns);
        if (HasLink(ns))
        {
            throw new SystemFailure($"the tunnel of namespace {ns} is still there, so the pinning of its endpoints is kept", $"stop the tunnel first; 'vpn-confinement wireguard down {ns}' takes it away");
        }

        Delete(ns, Place(ns) ?? StateLayout.HostPlace, EndpointPinRuleset.Table(name));
        log("the endpoints are no longer pinned");
    }

    /// <summary>Why the kernel is not known to have the table as the plan wants it; or null where it is.</summary>
    internal static RulesetDrift? Drift(NamespacePlan plan, PinPlan pinning)
    {
        using var birthplace = BirthplaceNetns.Find(plan.WireGuard.Birthplace ?? StateLayout.HostPlace);
        return birthplace is null
            ? new RulesetDrift(RulesetDriftKind.Changed, "the network namespace that they are pinned in is gone")
            : OwnTables.Pinning(plan, pinning).DriftIn(birthplace.Handle);
    }

    private static string? Place(string ns) => StateFile.Read(StateLayout.PinPlace(ns))?.TrimEnd('\n');

    private static void Delete(string ns, string place, string table)
    {
        using var birthplace = BirthplaceNetns.Find(place);
        if (birthplace is not null)
        {
            using var kernel = NfTablesSocket.In(birthplace.Handle);
            kernel.Delete(table);
        }

        RulesetRecord.Delete(StateLayout.PinRecord(ns));
        Kernel.TryUnlink(StateLayout.PinPlace(ns));
    }

    private static bool HasLink(string ns)
    {
        if (WireGuardRecord.Load(ns) is not { } record || Netns.Observe(ns) is not NetnsState.Ours ours)
        {
            return false;
        }

        using (ours.Handle)
        {
            return WireGuardStatus.HasLink(ours.Handle, record.Interface);
        }
    }
}
