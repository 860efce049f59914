using VpnConfinement.Compile;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>Takes everything of ours off the host. Services that were confined are stopped and stay stopped: they would start on the normal network.</summary>
public static class Remover
{
    private static readonly CompiledTree Nothing = new() { Files = [], Keys = [], Plans = [], Namespaces = [] };

    /// <summary>What there is to remove; null for nothing.</summary>
    /// <exception cref="SystemFailure">It is not known what was applied.</exception>
    public static Manifest? Applied()
    {
        var applied = UnnamedFiles.AddTo(ManifestStore.LoadKnown(), Nothing);
        return applied.Files.Count + applied.Keys.Count + applied.Namespaces.Count == 0 ? null : applied;
    }

    /// <summary>Deletes what belongs to nothing that is applied, and may be left of a run that was cut short.</summary>
    /// <exception cref="SystemFailure">The system refused something.</exception>
    public static void DeleteRest(Systemctl systemctl)
    {
        Confirmation.Settle(systemctl);
        HostRoutes.Ensure(Nothing, static _ => { });
        GenerationStore.DeleteAll();
        OwnFiles.Delete(StateLayout.Manifest);
    }

    /// <summary>Removes.</summary>
    /// <param name="applied">What <see cref="Applied"/> found.</param>
    /// <param name="systemctl">The running systemd.</param>
    /// <param name="say">Takes a line for the user about each step.</param>
    /// <exception cref="SystemFailure">The system refused something; what is left is still in the manifest, and the next run goes on from there.</exception>
    public static void Run(Manifest applied, Systemctl systemctl, Action<string> say)
    {
        Confirmation.Settle(systemctl);
        var plan = ApplyPlan.Make(applied, Nothing, new HostObservation { HashOnDisk = OwnFiles.Hash, LeftOvers = LeftOverFiles.Find(applied) });
        new ChangeRun(new ChangeHost(systemctl, say)).Run(applied, Nothing, plan, generation: 0, stays: true);
        GenerationStore.DeleteAll();
        OwnFiles.Delete(StateLayout.Manifest);
    }
}
