using System.Text;
using System.Text.Json;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// A change that goes back by itself. A timer of systemd's waits, on disk and enabled, so neither a killed program nor a boot keeps it from going off; it
/// is there before anything else is changed.
/// </summary>
public static class Confirmation
{
    /// <summary>The change that waits, or null.</summary>
    /// <exception cref="SystemFailure">The record of it cannot be read.</exception>
    public static PendingChange? Pending()
    {
        try
        {
            return StateFile.Read(StateLayout.PendingChange) is { } text ? PendingChangeJson.Read(text) : null;
        }
        catch (JsonException e)
        {
            throw new SystemFailure($"{StateLayout.PendingChange} is damaged: {e.Message}", "run 'vpn-confinement apply', which keeps what is applied, or 'vpn-confinement rollback'", e);
        }
    }

    /// <summary>Why a change that waits does not go back by itself as it should, or null.</summary>
    public static string? Trouble(Systemctl systemctl, Manifest applied, PendingChange pending)
    {
        if (applied.IsWhole && applied.Generation == pending.BackTo)
        {
            return "an 'apply --confirm' is under way, or was cut short before it changed anything; in that case run 'vpn-confinement apply' or 'vpn-confinement confirm'";
        }

        var units = UnitSnapshot.Take(systemctl, [StateLayout.ConfirmTimer, StateLayout.ConfirmUnit], "ActiveState");
        return units.Of(StateLayout.ConfirmUnit, "ActiveState") is "failed"
            ? $"going back by itself failed: see 'systemctl status {StateLayout.ConfirmUnit}', then run 'vpn-confinement rollback' or 'vpn-confinement confirm'"
            : units.Of(StateLayout.ConfirmTimer, "ActiveState") is not "active"
                ? $"{StateLayout.ConfirmTimer} does not run, so the unconfirmed change does not go back by itself; run 'vpn-confinement rollback' or 'vpn-confinement confirm'"
                : null;
    }

    /// <summary>Installs and starts the timer.</summary>
    /// <exception cref="SystemFailure">It does not run, and nothing is left of it.</exception>
    internal static void Arm(Systemctl systemctl, PendingChange change, string binary)
    {
        var changes = new FileChanges();
        try
        {
            foreach (var file in ConfirmUnits.Compile(binary, change))
            {
                if (file.LinkTo is null && File.Exists(file.Path) && !OwnFiles.IsOurs(file.Path))
                {
                    throw new SystemFailure($"{file.Path} exists and was not made by vpn-confinement", "rename that unit, or apply without --confirm");
                }

                changes.Install(file);
            }

            changes.Write(StateLayout.PendingChange, Encoding.UTF8.GetBytes(PendingChangeJson.Write(change)), AtomicFile.PublicMode);
            systemctl.DaemonReload();
            systemctl.Restart(StateLayout.ConfirmTimer);
        }
        catch (Exception e) // whatever it was: without its timer it may not look as if it went back by itself
        {
            changes.UndoAll(e, ("systemd's reload", () =>
            {
                systemctl.DaemonReload();
                systemctl.StartNoBlock(File.Exists(ConfirmUnits.Wanted) ? [StateLayout.ConfirmTimer] : []);
            }));
            throw;
        }
    }

    /// <summary>Has the time begin anew, once the change has finished.</summary>
    internal static void Restart(Systemctl systemctl, PendingChange change, string binary)
    {
        foreach (var file in ConfirmUnits.Compile(binary, change).Where(f => f.LinkTo is null))
        {
            AtomicFile.Write(file.Path, file.Content);
        }

        Save(change);
        systemctl.DaemonReload();

        // Where the time was over meanwhile, it has met the lock and tries again.
        var going = systemctl.Known([StateLayout.ConfirmUnit]);
        systemctl.Stop(going);
        systemctl.ResetFailed(going);
        systemctl.Restart(StateLayout.ConfirmTimer);
    }

    /// <summary>Has going back take no confinement away any more: whoever agreed to that did not know of a service that is confined since.</summary>
    /// <returns>The record as it was, where that changes it; null otherwise.</returns>
    internal static PendingChange? WithdrawConsent()
    {
        PendingChange? pending;
        try
        {
            pending = Pending();
        }
        catch (SystemFailure)
        {
            // Nobody goes back by a record that cannot be read.
            return null;
        }

        if (pending is not { AllowUnconfine: true })
        {
            return null;
        }

        Save(pending with { AllowUnconfine = false });
        return pending;
    }

    /// <summary>Writes the record.</summary>
    internal static void Save(PendingChange change) => AtomicFile.Write(StateLayout.PendingChange, PendingChangeJson.Write(change));

    /// <summary>Takes the timer away: the change was confirmed or taken back. Where there is none, nothing happens.</summary>
    /// <returns>Whether a change had waited.</returns>
    public static bool Settle(Systemctl systemctl)
    {
        string[] files = [ConfirmUnits.Wanted, .. new[] { StateLayout.ConfirmTimer, StateLayout.ConfirmUnit }.Select(u => $"{StateLayout.UnitFolder}/{u}")];
        if (!files.Append(StateLayout.PendingChange).Any(File.Exists))
        {
            return false;
        }

        var waited = File.Exists(StateLayout.PendingChange);

        // The timer first: what it starts waits for the lock that is held here, and finds no record then.
        systemctl.Stop(systemctl.Known([StateLayout.ConfirmTimer]));
        OwnFiles.Delete(StateLayout.PendingChange);
        foreach (var path in files.Where(p => new FileInfo(p).LinkTarget is { } target ? p == ConfirmUnits.Wanted && target == "../" + StateLayout.ConfirmTimer : File.Exists(p) && OwnFiles.IsOurs(p)))
        {
            OwnFiles.Delete(path);
        }

        systemctl.DaemonReload();
        return waited;
    }
}
