using VpnConfinement.Compile;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>Takes everything of ours off the host. Services that were confined are stopped and stay stopped: they would start on the normal network.</summary>
public static class Remover
{
    private static readonly CompiledTree Nothing = new() { Files = [], Keys = [], Plans = [], Namespaces = [] };

    /// <summary>Removes.</summary>
    /// <param name="systemctl">The running systemd.</param>
    /// <param name="say">Takes a line for the user about each step.</param>
    /// <returns>False when there was nothing to remove.</returns>
    /// <exception cref="SystemFailure">The system refused something; what is left is still in the manifest, and the next run goes on from there.</exception>
    public static bool Run(Systemctl systemctl, Action<string> say)
    {
        var applied = ManifestStore.LoadKnown();
        Confirmation.Settle(systemctl);
        if (applied.Files.Count + applied.Keys.Count + applied.Namespaces.Count == 0)
        {
            GenerationStore.DeleteAll();
            return false;
        }

        var plan = ApplyPlan.Make(applied, Nothing, new HostObservation { HashOnDisk = OwnFiles.Hash });
        new Applier(systemctl, say).Run(applied, Nothing, plan, generation: 0);
        GenerationStore.DeleteAll();
        OwnFiles.Delete(StateLayout.Manifest);
        return true;
    }
}
